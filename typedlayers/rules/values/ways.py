"""What the layers between an input and the first weights make of its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.facts.values import ValueFacts
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS
from typedlayers.rules.values.seen import Way
from typedlayers.spec import Spec

BYTE_SCALES: Final = (1 / 256, 1 / 127)
"""Least and greatest scale that brings bytes into a unit range: 1/256, 1/255, 1/128, 1/127.5, 1/127."""


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
            if contract is None or node.attribute("mask_value") is not None:
                continue  # a Masking may take NaN out
            if contract.values is Values.WEIGHTED:
                return node
            if contract.values is Values.KEPT or node.kind in NAN_PASSES:
                waiting += [one for one in node.gives if one.key not in met]
                met |= {one.key for one in node.gives}
    return None


def affine(node: Node) -> tuple[float, float] | None:
    """Returns scale and offset of a Rescaling by one number each, None of any other layer."""
    scale, offset = node.attribute("scale"), node.attribute("offset")
    if node.kind != "Rescaling" or not isinstance(scale, int | float) or not isinstance(offset, int | float):
        return None
    return float(scale), float(offset)


def followed(facts: ValueFacts, way: Way) -> Iterator[tuple[Node, float, float]]:
    """Yields each layer of a way with the range of its input, as long as each layer's effect on values is known."""
    low, high = facts.low, facts.high
    for node in way[0]:
        yield node, low, high
        if node.contract is None:
            return
        step = affine(node)
        if step is not None:
            low, high = sorted((low * step[0] + step[1], high * step[0] + step[1]))
        elif node.contract.values is not Values.KEPT:
            return


def divides_bytes(node: Node) -> tuple[float, float] | None:
    """Returns scale and offset of a layer that brings bytes into a unit range, None of any other."""
    step = affine(node)
    return step if step is not None and BYTE_SCALES[0] <= abs(step[0]) <= BYTE_SCALES[1] else None
