"""TL210: a layer takes another axis for the channels than the one that they are on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Shape, shape_text

PER_CHANNEL: Final = frozenset({"BatchNormalization", "GroupNormalization"})
"""Layers whose ``axis`` is that of the channels."""

IN_PLACE: Final = PER_CHANNEL | {
    "Activation", "Dropout", "ELU", "LeakyReLU", "PReLU", "ReLU", "GaussianNoise", "SpatialDropout2D",
}  # fmt: skip
"""Layers that leave every axis where it is."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each layer whose ``axis`` is not the one where earlier layers have the channels.

    A Concatenate along the rows or columns of channels-last images may be meant: images side by side. Along the columns
    of channels-first ones, where the default ``axis=-1`` falls, it is seldom meant.
    """
    for node in graph.nodes:
        axis, shape = node.attribute("axis"), node.gets[0].shape if node.gets else None
        joins = node.kind == "Concatenate" and node.contract is not None
        if not (joins or node.bases & PER_CHANNEL) or not isinstance(axis, int) or shape is None or len(shape) < 4:
            continue
        teller = _teller(graph, node)
        if teller is None or RULE.code in node.allowed:
            continue
        last, axis = len(shape) - 1, axis % len(shape)
        right = last if teller.attribute("data_format") == "channels_last" else 1
        suspect = axis == last if joins else axis in (1, last)
        if suspect and axis != right:
            yield _misplaced(node, teller, axis, right, shape)


def _teller(graph: Graph, node: Node) -> Node | None:
    """The layer that says where the channels of all inputs are, None if none does or they contradict each other."""
    found = [format_of(graph, edge) for edge in node.gets]
    known = [one for one in found if one is not None]
    formats = {one.attribute("data_format") for one in known}
    return known[0] if len(known) == len(found) and len(formats) == 1 else None


def format_of(graph: Graph, edge: Edge) -> Node | None:
    """The last layer with a ``data_format``, followed back through layers that leave the axes where they are."""
    for node in graph.way_to(edge):
        if node.attribute("data_format") is not None:
            return node
        came = node.single_input
        if came is None or len(node.gives) != 1 or came.shape != node.gives[0].shape or not node.bases & IN_PLACE:
            return None
    return None


def _misplaced(node: Node, teller: Node, axis: int, right: int, shape: Shape) -> Diagnostic:
    label, maker, data_format = node.subject.label, teller.subject.label, teller.attribute("data_format")
    does = "joins" if node.kind == "Concatenate" else "normalizes"
    written = -1 if right == len(shape) - 1 else right
    return Diagnostic(
        RULE.code,
        f"{label} {does} along axis {axis} of {shape_text(shape)}, but the channels are axis {right}",
        where=node.subject.where,
        gets=f"{shape_text(shape)} from {maker}, {data_format}",
        needs=f"axis={written}, the channels",
        why=f'{maker} has data_format="{data_format}"',
        fixes=(Fix(f"axis={written} for {node.subject.short}", edits=(Argument(label, "axis", str(written)),)),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL210", about=GRAPH, find=find)
