"""TL617: a trainable weight of integers, which no gradient reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED_LAYERS

_MADE: Final = 'add_weight(..., dtype="{}")'
_COUNTS: Final = 'add_weight(..., dtype="{}", trainable=False)'


def find(layer: LayerFacts) -> Iterator[Diagnostic]:
    """Yields each such weight of a layer."""
    owner = layer.subject.label.partition(" ")[0]
    for weight in layer.integers:
        yield Diagnostic(
            "TL617",
            f'{layer.subject.label} has the trainable weight "{weight.name}" of {weight.dtype}, which is never trained',
            where=layer.subject.where,
            why="there is no gradient of integers: it keeps the values that it began with",
            fixes=(
                Fix(
                    "trainable=False in add_weight, if it is a table or a counter",
                    edits=(Rewrite(_MADE.format(weight.dtype), _COUNTS.format(weight.dtype), owner),),
                ),
                Fix(
                    'dtype="float32" in add_weight, if it is to be learned',
                    edits=(Rewrite(_MADE.format(weight.dtype), _MADE.format("float32"), owner),),
                ),
            ),
        )


RULE = Rule(code="TL617", about=TRAINED_LAYERS, find=find)
