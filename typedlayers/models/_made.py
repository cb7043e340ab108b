"""What is said of a model once it is made, before it is trained, and before it is saved."""

from __future__ import annotations

from typing import Any, Final

from typedlayers.bridge.configs import saved_layers
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.resolved import is_typed
from typedlayers.facts.evidence import Use
from typedlayers.models._examine import of_calls, of_model
from typedlayers.modes import Mode
from typedlayers.rules.custom import forgotten_argument
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell


def check_made(model: Any, mode: Mode, use: Use | None = None) -> None:
    """Says what the rules find in a model that was made; a Sequential is made anew for every layer that is added.

    Raises:
        ContractError: with every mistake that is certain; with the others too where the mode promotes warnings.
    """
    state = model_state(model)
    guarded(label_of(model), lambda: tell(of_model(model, use), mode, state.told, state.allowed))


_SAVED: Final = "saved"


def check_saved(model: Any, mode: Mode) -> None:
    """Says once what the file of a model will not keep of the layers of the user's.

    Raises:
        ContractError: where the mode promotes warnings.
    """
    state = model_state(model)
    if _SAVED in state.taken:
        return
    state.taken[_SAVED] = None

    def looked_at() -> None:
        found = [one for layer in saved_layers(model) for one in forgotten_argument.find(layer)]
        tell(found, mode, state.told, state.allowed)

    guarded(label_of(model), looked_at)


def check_calls(model: Any, mode: Mode) -> None:
    """Checks the plain layers of a functional model; typed ones were checked as they were called.

    Raises:
        ContractError: with every mismatch, in model order.
    """
    state = model_state(model)
    guarded(label_of(model), lambda: tell(of_calls(model, _is_unjudged), mode, state.told, state.allowed))


def _is_unjudged(layer: Any) -> bool:
    return not is_typed(type(layer)) and state_of(layer) is None
