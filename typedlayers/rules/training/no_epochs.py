"""TL626: ``initial_epoch`` is not below ``epochs``: nothing is trained."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding for a training that was to go on; one that was asked for no epoch gets what it asked for."""
    epochs = fit.fitting.epochs
    if epochs.first <= 0 or epochs.count > 0:
        return
    yield Diagnostic(
        RULE.code,
        f"fit of {fit.model} begins with epoch {epochs.first} and ends before epoch {epochs.last}: nothing is trained",
        where=fit.where,
        needs="epochs greater than initial_epoch",
        why="epochs is the number of the epoch to end before, counted from the first training; it is no count",
        fixes=(Fix(f"epochs={epochs.first + epochs.last} for {epochs.last} more"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL626", about=FIT, find=find)
