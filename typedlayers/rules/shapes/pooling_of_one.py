"""TL216: a pooling gets a single position, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.layout import spatial_sizes
from typedlayers.diagnostics.edit import Remove
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Shape, shape_text

POOLS: Final = frozenset(f"{how}Pooling{rank}D" for how in ("Max", "Average") for rank in (1, 2, 3))
"""Poolings with a window; a global one takes axes away, and is right after any number of positions."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each pooling with a window and strides whose input has one position, known along every axis."""
    for node in graph.nodes:
        came = node.single_input
        if came is None or came.shape is None or RULE.code in node.allowed or not _halves(node):
            continue
        if set(spatial_sizes(node.layer, came.shape)) == {1}:
            yield _idle(node, came.shape)


def _halves(node: Node) -> bool:
    """True of a pooling with strides that the user made: one without is a part of a block, as in an Inception."""
    strides = node.attribute("strides")
    known = node.kind in POOLS and node.maker is Maker.KERAS and node.users
    return known and isinstance(strides, list | tuple) and max(strides) > 1


def _idle(node: Node, shape: Shape) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} changes nothing: there is one position to pool",
        where=node.subject.where,
        gets=shape_text(shape),
        needs="more than one position",
        why="the layers before have left a single position, or the input has no more",
        fixes=(
            Fix.of(Remove(node.subject.label)),
            Fix("fewer poolings or strides before it, or larger inputs"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL216", about=GRAPH, find=find)
