"""What can be said of a model once it is made: masks that end too early, channels that are looked for elsewhere."""

from __future__ import annotations

from typing import Any

from typedlayers.bridge.model_state import model_state
from typedlayers.models._layout import misplaced_channels
from typedlayers.models._masks import lost_masks
from typedlayers.modes import Mode
from typedlayers.verdict.gate import tell


def check_made(model: Any, mode: Mode) -> None:
    """Warns of what may be wrong in a model that was made; a Sequential is made anew for every layer that is added.

    Raises:
        ContractError: where the mode promotes warnings.
    """
    state = model_state(model)
    tell((*lost_masks(model), *misplaced_channels(model)), mode, state.told, state.allowed)
