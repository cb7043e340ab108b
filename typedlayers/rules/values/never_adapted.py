"""TL407: a preprocessing layer that learns by ``adapt()`` never did."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Adapt
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED_LAYERS


def find(layer: LayerFacts) -> Iterator[Diagnostic]:
    """Yields the finding for a layer that knows no statistics, vocabulary or boundaries."""
    if not layer.unadapted:
        return
    does, given = "knows no vocabulary or boundaries", "vocabulary=, or bin_boundaries="
    if layer.normalizes:
        does, given = "subtracts 0 and divides by 1", "mean=, variance="
    name = layer.subject.short.strip('"')
    yield Diagnostic(
        RULE.code,
        f"{layer.subject.label} was never adapted: it {does}",
        where=layer.subject.where,
        needs="statistics, a vocabulary or boundaries that were learnt from data, or given",
        why="adapt() was not called, and nothing was given to the constructor",
        fixes=(
            Fix(f"{name}.adapt(x_train) before the model is trained", edits=(Adapt(layer.subject.label, "x"),)),
            Fix(f"{given} for the constructor of {layer.subject.short}"),
        ),
    )


RULE = Rule(code="TL407", about=TRAINED_LAYERS, find=find)
