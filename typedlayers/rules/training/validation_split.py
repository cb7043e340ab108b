"""TL517: ``validation_split`` cannot split the data, or is no share of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit

_GIVEN: Final = {
    Source.DATASET: "a tf.data.Dataset",
    Source.GENERATOR: "a generator",
    Source.PYDATASET: "a PyDataset",
}


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding if nothing can be split off, or nothing is left."""
    split, source = fit.fitting.split, fit.fitting.source
    if split == 0:
        return
    if source in _GIVEN:
        yield Diagnostic(
            RULE.code,
            f"{fit.model} gets validation_split={split:g} but its data are {_GIVEN[source]}",
            where=fit.where,
            why="Keras cuts off the end of arrays; of other data it does not know the end",
            fixes=tuple(_fixes(source)),
        )
    elif not 0 < split < 1:
        share = f"validation_split={split / 100:g}" if 1 < split < 100 else "validation_split=0.2"
        yield Diagnostic(
            RULE.code,
            f"{fit.model} gets validation_split={split:g}, which is no share between 0 and 1",
            where=fit.where,
            why="the number of samples is multiplied by it: other numbers leave few or no samples to train on"
            if split > 0
            else "the number of samples is multiplied by it: a negative number leaves no validation data",
            fixes=(Fix(share),),
        )


def _fixes(source: Source) -> Iterator[Fix]:
    if source is Source.DATASET:
        yield Fix("fit(ds.skip(n), validation_data=ds.take(n)), with n batches for the validation")
    else:
        yield Fix("validation_data=(x_val, y_val), or a second source for the validation")


RULE = Rule(code="TL517", about=FIT, find=find)
