"""TL616: a constraint is given as a regularizer, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.layers import Exchanged, LayerFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED_LAYERS


def find(layer: LayerFacts) -> Iterator[Diagnostic]:
    """Yields each argument of a layer that holds the wrong one of the two."""
    for one in layer.exchanged:
        yield _said(layer, one)


def _said(layer: LayerFacts, one: Exchanged) -> Diagnostic:
    penalty = one.argument.endswith("regularizer")
    kind, other = ("regularizer", "constraint") if penalty else ("constraint", "regularizer")
    return Diagnostic(
        "TL616",
        f"{layer.subject.label} has {one.given} for its {one.argument}, which is a {other}",
        where=layer.subject.where,
        needs=f"a {kind}",
        why="Keras adds what it returns to the loss: the sum of the constrained weights, which may be negative"
        if penalty
        else "Keras sets the weights to what it returns: one number in place of a kernel",
        fixes=(Fix(f"{_instead(one.argument, kind, other)}={one.given}(...) in place of {one.argument}"),),
    )


def _instead(argument: str, kind: str, other: str) -> str:
    """The argument that takes it; there is no constraint on outputs."""
    return argument.replace("activity", "kernel").replace(kind, other)


RULE = Rule(code="TL616", about=TRAINED_LAYERS, find=find)
