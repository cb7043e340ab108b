"""TL522: x and y of a dataset come from one shuffled dataset, each in an order of its own."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Rule


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for data with targets: what a map makes of such a pair, as mixed images, is meant so."""
    made = data.batch.pipeline
    if made is None or not made.apart or data.batch.y is None:
        return
    yield Diagnostic(
        RULE.code,
        f"x and y of {data.batch.what} for {data.model} are drawn from one shuffled dataset, each in its own order",
        where=data.where,
        needs="a zip before the shuffle, or one map that gives x and y together",
        why="a shuffle draws anew for each dataset that reads it: what belongs together is not side by side any more",
        fixes=(Fix("shuffle after the zip: tf.data.Dataset.zip((xs, ys)).shuffle(...)"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL522", about=DATA, find=find)
