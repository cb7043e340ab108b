"""TL221: a Reshape gives axes the sizes of others, but reads the numbers in the order in which they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Insert, Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import shape_text

RECURRENT: Final = frozenset({"SimpleRNN", "LSTM", "GRU", "Bidirectional"})

BY_STEP: Final = frozenset({"Dense", "Dropout", "Activation", "ReLU", "LayerNormalization", "BatchNormalization"})
"""Layers that leave the steps as they are."""


TRANSPOSING: Final = frozenset({"Permute", "Transpose", "Moveaxis", "Swapaxes"})


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each Reshape of maps (height, width, channels) to (width, height * channels) before a recurrent layer.

    A Reshape keeps the order of the numbers, and height comes first: a step of the result holds parts of rows, never a
    column. Where height and width are equal, or the steps are the rows, nothing is known of what was meant. So it is
    with the three axes of an input whose sizes a Reshape only exchanges.
    """
    for node in graph.nodes:
        if node.kind != "Reshape" or RULE.code in node.allowed:
            continue
        if _takes_columns(node) and _is_read(graph, node):
            yield _mixed(node)
        elif _is_of_input(graph, node) and (order := _order(node)) is not None:
            yield _exchanged(node, order)


def _takes_columns(node: Node) -> bool:
    came, gives = node.gets[0].shape, node.gives[0].shape
    if came is None or gives is None or len(came) != 4 or len(gives) != 3 or None in came[1:]:
        return False
    height, width, channels = (size or 0 for size in came[1:])
    return height > 1 and height != width and gives[1:] == (width, height * channels)


def _is_read(graph: Graph, node: Node) -> bool:
    """True if the steps are read one after the other by a recurrent layer."""
    edge = node.gives[0]
    while True:
        following = list(graph.consumers(edge))
        if any(one.kind in RECURRENT for one in following):
            return True
        if len(following) != 1 or following[0].kind not in BY_STEP:
            return False
        edge = following[0].gives[0]


def _is_of_input(graph: Graph, node: Node) -> bool:
    """True of a Reshape of an input, unless its result is transposed: data that were shaped wrongly are put right."""
    came = node.single_input
    following = graph.consumers(node.gives[0])
    return came is not None and came in graph.inputs and not any(one.kind in TRANSPOSING for one in following)


def _order(node: Node) -> tuple[int, ...] | None:
    """The order of the axes, from 1 on, that gives the sizes of the result; None if it does not only exchange three.

    An axis of size 1 may stand anywhere: no number moves.
    """
    came, gives = node.gets[0].shape, node.gives[0].shape
    if came is None or gives is None or len(came) != 4 or len(gives) != 4 or None in came[1:]:
        return None
    if [size for size in came[1:] if size != 1] == [size for size in gives[1:] if size != 1]:
        return None
    left, order = list(enumerate(came))[1:], list[int]()
    for size in gives[1:]:
        axis = next((axis for axis, one in left if one == size), None)
        if axis is None:
            return None
        order.append(axis)
        left = [one for one in left if one[0] != axis]
    return tuple(order)


def _exchanged(node: Node, order: tuple[int, ...]) -> Diagnostic:
    came, gives = node.gets[0].shape, node.gives[0].shape
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} exchanges the sizes of the axes, but leaves the numbers in their order",
        where=node.subject.where,
        gets=shape_text(came),
        needs=f"the axes in another order, if {shape_text(gives)} is to be the same picture",
        why="a Reshape moves no number: the new rows are cut from the old ones wherever they end, and a picture is"
        " scrambled",
        fixes=(Fix.of(Replace(node.subject.short, f"layers.Permute({order})")),),
        certainty=Certainty.PERHAPS,
    )


def _mixed(node: Node) -> Diagnostic:
    came, gives = node.gets[0].shape, node.gives[0].shape
    assert came is not None
    assert gives is not None
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} makes {gives[1]} steps of {came[2]} columns, but reads the numbers row by row",
        where=node.subject.where,
        gets=f"{shape_text(came)}: {came[1]} rows of {came[2]} columns",
        needs=f"the columns first, (batch, {came[2]}, {came[1]}, {came[3]}), if each step is to be a column",
        why="a Reshape keeps the order of the numbers: each step holds parts of one or more rows, not a column",
        fixes=(Fix.of(Insert("layers.Permute((2, 1, 3))", node.subject.short)),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL221", about=GRAPH, find=find)
