"""TL526: ``steps_per_epoch`` asks for more batches than the data hold."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.fitting import Epochs
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding: Keras says it as well, once the data have run out."""
    said = _said(fit.fitting.epochs)
    if said is None:
        return
    again = (Fix("the dataset with .repeat()"),) if fit.fitting.source is Source.DATASET else ()
    yield Diagnostic(
        RULE.code,
        f"{fit.batch.what} for {fit.model}: {fit.fitting.epochs.batches} batches, and {said}",
        where=fit.where,
        needs="steps_per_epoch only for data that go on",
        why="with steps_per_epoch an epoch goes on where the last one stopped, and ends where the data end",
        fixes=(Fix("leave steps_per_epoch out: an epoch is then all batches"), *again),
        certainty=Certainty.PERHAPS,
    )


def _said(epochs: Epochs) -> str | None:
    steps, batches = epochs.steps, epochs.batches
    if steps is None or not batches or steps < 1:
        return None
    if steps > batches:
        return f"each epoch ends after them, before its {steps} steps"
    rest = batches % steps
    if rest and epochs.count * steps > batches:
        return f"after {batches // steps} of {steps} steps an epoch of {rest} follows"
    return None


RULE = Rule(code="TL526", about=FIT, find=find)
