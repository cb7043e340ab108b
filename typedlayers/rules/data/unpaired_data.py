"""TL534: x and y of a dataset are shuffled, each by itself."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Rule


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding where a loss of Keras's compares outputs with y."""
    made = data.batch.pipeline
    if made is None or not made.unpaired or data.batch.y is None or not data.compared:
        return
    yield Diagnostic(
        RULE.code,
        f"x and y of {data.batch.what} for {data.model} are shuffled, each by itself",
        where=data.where,
        needs="one order for both",
        why="a shuffle before the zip moves one of the two alone; Dataset.list_files shuffles too",
        fixes=(
            Fix("shuffle after the zip: tf.data.Dataset.zip((x, y)).shuffle(...)"),
            Fix("Dataset.list_files(pattern, shuffle=False) for both"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL534", about=DATA, find=find)
