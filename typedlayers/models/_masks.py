"""The masks of a model that was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.bridge.masks import mask_steps
from typedlayers.bridge.members import allowed_for, place_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.rules.masks.dropped import dropped
from typedlayers.verdict.allow import is_allowed


def lost_masks(model: Any) -> Iterator[Diagnostic]:
    """Yields TL721 and TL722: masks that end before a layer that would take them, or that nobody takes."""
    for step, diagnostic in dropped(*mask_steps(model, place_of, allowed_for)):
        if not is_allowed(diagnostic, step.allowed):
            yield diagnostic
