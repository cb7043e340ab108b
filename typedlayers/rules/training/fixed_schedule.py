"""TL627: a callback is to set the learning rate of an optimizer that follows a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each: Keras raises where it sets the rate; a plateau may come many epochs later, or never."""
    for name in fit.fitting.scheduled:
        yield Diagnostic(
            RULE.code,
            f"{name} cannot set the learning rate of {fit.model}: its optimizer follows a schedule",
            where=fit.where,
            needs="a learning rate that is a number, or no callback that sets it",
            why="the rate of a LearningRateSchedule is computed from the step; Keras raises where a callback sets it",
            fixes=(
                Fix(f"leave {name} out"),
                Fix("learning_rate=1e-3, a number, in the optimizer, if the callback is to set it"),
            ),
            certainty=Certainty.PERHAPS if name == "ReduceLROnPlateau" else Certainty.CERTAIN,
        )


RULE = Rule(code="TL627", about=FIT, find=find)
