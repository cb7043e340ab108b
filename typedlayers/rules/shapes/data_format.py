"""TL215: the data_format of a layer is not that of the images that it gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.layout import turned_picture
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.shapes.channel_axis import IN_PLACE, format_of
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Shape, shape_text

LIKE_INPUT: Final = IN_PLACE | {"Rescaling", "Normalization", "Identity", "GaussianDropout"}
"""Layers before which the sizes are those of the picture that comes in."""

OTHER: Final = {"channels_last": "channels_first", "channels_first": "channels_last"}


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each layer over images that contradicts the layer before it, or the sizes of the picture that comes in.

    A pooling whose window goes over the channels alone is meant so, and a kernel that covers one row may work on
    sequences that are one row high.
    """
    for node in graph.nodes:
        came, data_format = node.single_input, node.attribute("data_format")
        shape = None if came is None else came.shape
        if came is None or shape is None or len(shape) < 4 or not _reads_images(node) or RULE.code in node.allowed:
            continue
        before = format_of(graph, came)
        if before is None:
            if _is_input(graph, came) and _is_turned(node, shape):
                yield _picture(node, shape)
        elif _reads_images(before) and before.attribute("data_format") != data_format and not _joins_channels(node):
            yield _neighbour(node, before, shape)


def _reads_images(node: Node) -> bool:
    """True of a layer of Keras's that treats the axis of the channels otherwise than the others."""
    known = node.maker is Maker.KERAS and bool(node.kind) and node.kind != "Flatten"
    return known and node.attribute("data_format") in OTHER


def _joins_channels(node: Node) -> bool:
    """True if a pooling's window is larger than 1 along the channels only, as the layer before has them."""
    window = node.attribute("pool_size")
    if not isinstance(window, list | tuple):
        return False
    sides = window[:-1] if _is_first(node) else window[1:]
    return all(size == 1 for size in sides)


def _is_first(node: Node) -> bool:
    return node.attribute("data_format") == "channels_first"


def _is_input(graph: Graph, edge: Edge) -> bool:
    """True of an input of the model, as it is or scaled."""
    for before in graph.way_to(edge):
        if before.single_input is None or before.maker is not Maker.KERAS or not before.bases & LIKE_INPUT:
            return False
        edge = before.single_input
    return any(edge.key == one.key for one in graph.inputs)


def _is_turned(node: Node, shape: Shape) -> bool:
    """True if the sizes are those of a picture in the other format, and the layer's window goes over its channels."""
    window = node.attribute("kernel_size") or node.attribute("pool_size")
    if len(shape) != 4 or not isinstance(window, list | tuple) or len(window) != 2:
        return False
    over_channels = window[1 if _is_first(node) else 0]
    return over_channels > 1 and turned_picture(node.attribute("data_format"), shape) is not None


def _neighbour(node: Node, before: Node, shape: Shape) -> Diagnostic:
    label, maker, right = node.subject.label, before.subject.label, before.attribute("data_format")
    taken, axis = _axes(node, shape)
    return Diagnostic(
        RULE.code,
        f"{label} takes axis {taken} of {shape_text(shape)} for the channels, but {maker} has them on axis {axis}",
        where=node.subject.where,
        gets=f'{shape_text(shape)} from {maker}, data_format="{right}"',
        needs=f'images of data_format="{OTHER[right]}"',
        why="the two layers differ in data_format, and nothing between them turns the axes",
        fixes=(Fix.of(Argument(label, "data_format", f'"{right}"')),),
        certainty=Certainty.PERHAPS,
    )


def _picture(node: Node, shape: Shape) -> Diagnostic:
    label, (taken, axis) = node.subject.label, _axes(node, shape)
    dims, place = ((2, 3, 1), -1) if axis == 1 else ((3, 1, 2), 1)
    turned = tuple(shape[one] for one in dims)
    return Diagnostic(
        RULE.code,
        f"{label} takes axis {taken} of {shape_text(shape)} for the channels, but they seem to be axis {axis}",
        where=node.subject.where,
        gets=f"{shape_text(shape)} as the model's input",
        needs=f'{shape_text((None, *turned))}: data_format="{node.attribute("data_format")}"',
        why=f"{shape[axis]} is a number of colours, and {shape[taken]} the side of a picture",
        fixes=(
            Fix(f"x = np.moveaxis(x, {axis}, {place}), and the Input, if there is one, of shape {turned}"),
            Fix.of(Insert(f"layers.Permute({dims})", label)),
        ),
        certainty=Certainty.PERHAPS,
    )


def _axes(node: Node, shape: Shape) -> tuple[int, int]:
    """The axis that a layer takes for the channels, and the other one."""
    return (1, len(shape) - 1) if _is_first(node) else (len(shape) - 1, 1)


RULE = Rule(code="TL215", about=GRAPH, find=find)
