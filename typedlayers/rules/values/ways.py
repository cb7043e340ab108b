"""What the layers between an input and the first weights make of its values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.facts.ranges import ValueFacts
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS
from typedlayers.rules.values.seen import Way
from typedlayers.spec import Spec

BYTE_SCALES: Final = (1 / 256, 1 / 127)
"""Least and greatest scale that brings bytes into a unit range: 1/256, 1/255, 1/128, 1/127.5, 1/127."""


DIVISORS: Final = (255.0, 256.0, 127.5, 127.0, 128.0)
"""What bytes are divided by to come into a unit range."""


def is_image(spec: Spec) -> bool:
    """Returns True if a tensor has the axes of a batch of images of 1, 3 or 4 channels."""
    shape = spec.shape
    return shape is not None and len(shape) == 4 and (shape[-1] in CHANNEL_COUNTS or shape[1] in CHANNEL_COUNTS)


NAN_PASSES: Final = frozenset(
    {
        "Add", "Average", "BatchNormalization", "GroupNormalization", "LayerNormalization", "Multiply", "Normalization",
        "Rescaling", "Subtract", "UnitNormalization",
    }
)  # fmt: skip
"""Layers that change values and keep NaN among them, beside those that keep values."""


def first_weights_of_nan(graph: Graph, edge: Edge) -> Node | None:
    """Returns the first layer with weights that NaN in a tensor reaches, behind a Concatenate too; None if unknown."""
    waiting, met = [edge], {edge.key}
    while waiting:
        for node in graph.consumers(waiting.pop(0)):
            contract = node.contract
            if node.attribute("mask_value") is not None:
                continue  # a Masking may take NaN out
            if contract is not None and contract.values is Values.WEIGHTED:
                return node
            passes = contract is not None and node.kind in NAN_PASSES
            if passes or keeps_values(node) or affine(node) is not None:
                waiting += [one for one in node.gives if one.key not in met]
                met |= {one.key for one in node.gives}
    return None


RESHAPING: Final = frozenset({"ExpandDims", "Reshape", "Squeeze"})
"""Ops that change the axes alone; lenient mode makes such ones."""


def keeps_values(node: Node) -> bool:
    """Returns True for a layer or an op that gives the values that it gets."""
    if node.maker is Maker.OP:
        return node.kind in RESHAPING
    return node.contract is not None and node.contract.values is Values.KEPT


def affine(node: Node) -> tuple[float, float] | None:
    """Returns scale and offset of a Rescaling, or of an op with a number, None of any other node."""
    if node.maker is Maker.OP:
        return _of_op(node)
    scale, offset = node.attribute("scale"), node.attribute("offset")
    if node.kind != "Rescaling" or not isinstance(scale, int | float) or not isinstance(offset, int | float):
        return None
    return float(scale), float(offset)


def _of_op(node: Node) -> tuple[float, float] | None:
    match node.kind, node.values.get("x1"), node.values.get("x2"):
        case "Multiply", (float(by),), None:
            return by, 0.0
        case "Multiply", None, (float(by),):
            return by, 0.0
        case "TrueDivide" | "Divide", None, (float(by),) if by:
            return 1 / by, 0.0
        case "Add", (float(more),), None:
            return 1.0, more
        case "Add", None, (float(more),):
            return 1.0, more
        case "Subtract", None, (float(less),):
            return 1.0, -less
        case "Subtract", (float(total),), None:
            return -1.0, total
    return None


def followed(facts: ValueFacts, way: Way) -> Iterator[tuple[Node, float, float]]:
    """Yields each layer of a way with the range of its input, as long as each layer's effect on values is known."""
    low, high = facts.low, facts.high
    for node in way[0]:
        yield node, low, high
        after = _after(node, low, high)
        if after is None:
            return
        low, high = after


def _after(node: Node, low: float, high: float) -> tuple[float, float] | None:
    """The range that a layer makes of a range, None if that is not known."""
    step = affine(node)
    if step is not None:
        low, high = sorted((low * step[0] + step[1], high * step[0] + step[1]))
        return low, high
    return (low, high) if keeps_values(node) else None


def range_at(facts: ValueFacts, graph: Graph, edge: Edge, start: Edge) -> tuple[float, float] | None:
    """Returns the range that an input's values have in a tensor of the model, None if it is not known."""
    way = [] if edge.key == start.key else [*graph.way_to(edge)][::-1]
    if way and (way[0].single_input is None or way[0].gets[0].key != start.key):
        return None
    reached: tuple[float, float] | None = (facts.low, facts.high)
    for node in way:
        reached = None if reached is None else _after(node, *reached)
    return reached if way or edge.key == start.key else None


def divides_bytes(node: Node) -> tuple[float, float] | None:
    """Returns scale and offset of a layer that brings bytes into a unit range, None of any other."""
    step = affine(node)
    if step is not None and node.maker is Maker.OP:  # an op may divide by anything: only by what bytes are divided by
        return step if any(math.isclose(abs(step[0]) * by, 1, rel_tol=1e-3) for by in DIVISORS) else None
    return step if step is not None and BYTE_SCALES[0] <= abs(step[0]) <= BYTE_SCALES[1] else None
