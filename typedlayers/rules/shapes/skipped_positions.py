"""TL217: the strides of a pooling are larger than its window, so that positions are never read."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.catalogue.layout import SPATIAL, spatial_sizes
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.shapes.pooling_of_one import POOLS
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Size, shape_text


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each layer whose window of more than one position is moved by more than it covers.

    A window of one position picks every second one on purpose, as the shortcuts of a ResNet do. Convolutions with
    large strides make few positions of many on purpose, as the discriminators of patches do.
    """
    for node in graph.nodes:
        if node.kind not in POOLS or node.maker is not Maker.KERAS or not node.users or RULE.code in node.allowed:
            continue
        found = next(_gaps(node), None)
        if found is not None:
            yield _skipping(node, *found)


def _gaps(node: Node) -> Iterator[tuple[str, int, int]]:
    """Yields each axis along which positions are skipped: its name, what the window covers, and the stride."""
    came = node.single_input
    if came is None or came.shape is None:
        return
    window = _sizes(node, "pool_size")
    strides = _sizes(node, "strides")
    sizes = spatial_sizes(node.layer, came.shape)
    if not len(sizes) == len(window) == len(strides):
        return
    for name, size, width, stride in zip(SPATIAL[len(sizes)], sizes, window, strides, strict=True):
        if 1 < width < stride and _moves(size, stride):
            yield name, width, stride


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
