"""TL527: a dataset is cached after random numbers were drawn: each epoch gets those of the first."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding where there is a second epoch to see the same."""
    made = fit.batch.pipeline
    if made is None or not made.frozen or fit.fitting.epochs.count < 2:
        return
    yield Diagnostic(
        RULE.code,
        f"{fit.batch.what} for {fit.model} is cached behind random numbers: each epoch gets those of the first",
        where=fit.where,
        needs="cache() before the map that draws",
        why="cache keeps the elements as the first epoch made them, and the functions before it run no more",
        fixes=(Fix("data.cache().map(augment) in place of data.map(augment).cache()"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL527", about=FIT, find=find)
