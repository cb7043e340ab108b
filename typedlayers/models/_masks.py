"""The masks of a model that was made: what is said of them, once."""

from __future__ import annotations

from typing import Any

from typedlayers.bridge.masks import mask_steps
from typedlayers.checker.masks import dropped
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.enforce.allow import is_allowed
from typedlayers.models._entry import say_all
from typedlayers.models._layers import allowed_for, place_of
from typedlayers.models._state import model_state
from typedlayers.modes import Mode


def check_masks(model: Any, mode: Mode) -> None:
    """Warns of masks that end before a layer that would take them, or that nobody takes.

    Raises:
        ContractError: TL721 and TL722, where the mode promotes warnings.
    """
    state = model_state(model)
    steps, outputs = mask_steps(model, place_of, allowed_for)
    found: list[Diagnostic] = []
    for step, diagnostic in dropped(steps, outputs):
        if diagnostic.headline not in state.told and not is_allowed(diagnostic, step.allowed):
            state.told.add(diagnostic.headline)  # a Sequential is built anew for every layer that is added
            found.append(diagnostic)
    say_all([], found, mode, state.allowed)
