"""TL618: an optimizer averages the squares of gradients in float16."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit

LEAST: Final = 1e-5
"""An epsilon from here on outweighs squares that are 0 in float16."""


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding if small gradients are divided by next to nothing."""
    half = fit.fitting.half
    if half is None or half.epsilon >= LEAST:
        return
    yield Diagnostic(
        "TL618",
        f"{half.optimizer} averages squared gradients of {half.layer} in float16, with epsilon={half.epsilon:g}",
        where=fit.where,
        why="the share of a square that counts is 0 for gradients below 0.005, and they are then divided by epsilon",
        fixes=(
            Fix('dtype="mixed_float16" for the layers: float16 outputs, float32 weights'),
            Fix(f"optimizers.{half.optimizer}(epsilon=1e-3)"),
        ),
    )


RULE = Rule(code="TL618", about=FIT, find=find)
