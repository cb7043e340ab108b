"""TL528: training and validation data are parts of one dataset that is shuffled anew for each of them."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding."""
    if not fit.fitting.leaks:
        return
    yield Diagnostic(
        RULE.code,
        f"training and validation data of {fit.model} are cut from one shuffle, in another order each time",
        where=fit.where,
        needs="a shuffle with reshuffle_each_iteration=False before take and skip, or after them",
        why="a shuffle draws a new order whenever it is read: the model is trained on what it is validated on",
        fixes=(
            Fix("shuffle(..., reshuffle_each_iteration=False) before take and skip"),
            Fix("take and skip first, and shuffle the training data alone"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL528", about=FIT, find=find)
