"""Where a mask of a model was made, and how to do without it."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument, Remove
from typedlayers.diagnostics.model import Fix
from typedlayers.facts.graph import Edge, Graph, Node


def masked_input(node: Node) -> Edge | None:
    """Returns the masked tensor that a call gets and whose mask it does not hand on, None if there is none."""
    if any(edge.masked for edge in node.gives):
        return None
    return next((edge for edge in node.gets if edge.masked), None)


def mask_maker(graph: Graph, edge: Edge) -> Node | None:
    """Returns the call that made the mask of a tensor."""
    node = graph.maker(edge)
    while node is not None:
        before = next((one for one in node.gets if one.masked), None)
        if before is None:
            return node
        node = graph.maker(before)
    return None


def without_mask(maker: Node | None) -> Iterator[Fix]:
    """Yields the fix that makes no mask in the first place."""
    if maker is None:
        return
    if maker.kind == "Embedding":
        yield Fix.of(Argument(maker.subject.label, "mask_zero", "False"), condition="if the padding is meant to count")
    elif maker.kind == "Masking":
        yield Fix.of(Remove(maker.subject.label), condition="if the padding is meant to count")
