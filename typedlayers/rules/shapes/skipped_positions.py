"""TL217: strides are larger than the window, so that positions are never read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.catalogue.layout import SPATIAL, spatial_sizes
from typedlayers.catalogue.windows import reach
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.shapes.pooling_of_one import POOLS
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Size, shape_text

WINDOWS: Final = POOLS | {
    "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
}  # fmt: skip
"""Layers that read their input through a window."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each layer whose window of more than one position is moved by more than it covers.

    A window of one position picks every second one on purpose, as the shortcuts of a ResNet do.
    """
    for node in graph.nodes:
        if node.kind not in WINDOWS or node.maker is not Maker.KERAS or not node.users or RULE.code in node.allowed:
            continue
        found = next(_gaps(node), None)
        if found is not None:
            yield _skipping(node, *found)


def _gaps(node: Node) -> Iterator[tuple[str, int, int]]:
    """Yields each axis along which positions are skipped: its name, what the window covers, and the stride."""
    came = node.single_input
    if came is None or came.shape is None:
        return
    window = _sizes(node, "pool_size") or _sizes(node, "kernel_size")
    strides, dilation = _sizes(node, "strides"), _sizes(node, "dilation_rate") or (1,) * len(window)
    sizes = spatial_sizes(node.layer, came.shape)
    if not len(sizes) == len(window) == len(strides) == len(dilation):
        return
    for name, size, width, stride, spread in zip(SPATIAL[len(sizes)], sizes, window, strides, dilation, strict=True):
        if width > 1 and reach(width, spread) < stride and _moves(size, stride):
            yield name, reach(width, spread), stride


def _sizes(node: Node, name: str) -> tuple[int, ...]:
    found = node.attribute(name)
    return tuple(found) if isinstance(found, list | tuple) else ()


def _moves(size: Size, stride: int) -> bool:
    """True if the window is moved at all."""
    return size is None or size > stride


def _skipping(node: Node, axis: str, covered: int, stride: int) -> Diagnostic:
    label = node.subject.label
    return Diagnostic(
        RULE.code,
        f"{label} reads {covered} of every {stride} positions along {axis}, and skips the others",
        where=node.subject.where,
        gets="" if node.gets[0].shape is None else shape_text(node.gets[0].shape),
        needs="strides that are no larger than the window",
        why=f"its window covers {covered}, and is moved by {stride}",
        fixes=(Fix.of(Argument(label, "strides", str(covered))), Fix(f"a window of {stride}")),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL217", about=GRAPH, find=find)
