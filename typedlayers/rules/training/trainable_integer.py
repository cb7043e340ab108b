"""TL617: a trainable weight of integers, which no gradient reaches."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED_LAYERS


def find(layer: LayerFacts) -> Iterator[Diagnostic]:
    """Yields each such weight of a layer."""
    for weight in layer.integers:
        yield Diagnostic(
            "TL617",
            f'{layer.subject.label} has the trainable weight "{weight.name}" of {weight.dtype}, which is never trained',
            where=layer.subject.where,
            why="there is no gradient of integers: it keeps the values that it began with",
            fixes=(
                Fix("trainable=False in add_weight, if it is a table or a counter"),
                Fix('dtype="float32" in add_weight, if it is to be learned'),
            ),
        )


RULE = Rule(code="TL617", about=TRAINED_LAYERS, find=find)
