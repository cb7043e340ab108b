"""What is said of a model that is about to be trained: weights that would not learn."""

from __future__ import annotations

from typing import Any

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.gradients import gradient_steps
from typedlayers.bridge.members import allowed_for, is_fresh, place_of
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.variables import bare_variables
from typedlayers.models._made import check_made
from typedlayers.modes import Checking, Mode, of_run
from typedlayers.rules.custom.gradients import cut
from typedlayers.rules.custom.layers import untracked
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell


def check_training(model: Any) -> None:
    """Looks for weights that ``fit`` would not train, before its first step.

    Raises:
        ContractError: TL715 for variables that Keras does not know, TL717 for layers that no gradient reaches.
    """
    mode = of_run(model_state(model).own_run)
    if mode.checking is Checking.ON:
        guarded(label_of(model), lambda: check_made(model, mode))
        guarded(label_of(model), lambda: _check(model, mode))
        model_state(model).unbuilt = not all(layer.built for layer in inner_layers(model))


def check_traced(model: Any, mode: Mode) -> None:
    """Looks again where a model was built only as its first training step was traced, before that step runs.

    Raises:
        ContractError: as `check_training`.
    """
    state = model_state(model)
    if state.unbuilt:
        guarded(label_of(model), lambda: _check(model, mode))
        state.unbuilt = False


def _check(model: Any, mode: Mode) -> None:
    state = model_state(model)
    found = [(layer, untracked(bare, place_of(layer))) for layer, bare in bare_variables(model)]
    told = [diagnostic for layer, diagnostic in found if not is_allowed(diagnostic, allowed_for(layer))]
    stopped = cut(*gradient_steps(model, place_of, allowed_for, is_fresh))
    if stopped is not None and not is_allowed(stopped[1], stopped[0].allowed):
        told.append(stopped[1])
    tell(told, mode, state.told, state.allowed)
