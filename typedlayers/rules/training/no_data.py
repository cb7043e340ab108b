"""TL524: the data hold no sample or batch at all."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each: a training on nothing leaves the model as it was, where Keras only warns."""
    for name in fit.fitting.empty:
        dataset = name == "x" and fit.fitting.source is Source.DATASET
        offer = "batch(n) without drop_remainder, or a smaller n" if dataset else "data with samples in them"
        yield Diagnostic(
            RULE.code,
            f"{'the data' if name == 'x' else 'the validation data'} for {fit.model} hold nothing",
            where=fit.where,
            gets="a dataset of 0 batches" if dataset else "0 samples",
            needs="one at the least",
            why="drop_remainder leaves out a batch that is not full, and here no batch is" if dataset else "",
            fixes=(Fix(offer),),
            certainty=Certainty.PERHAPS,
        )


RULE = Rule(code="TL524", about=FIT, find=find)
