"""TL206: a dense classifier gets images that nothing flattened."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.contracts.contract import Positions
from typedlayers.diagnostics.edit import Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import CALLED, Called
from typedlayers.spec import Shape


def find(called: Called) -> Iterator[Diagnostic]:
    """Yields a *perhaps* if each pixel of an image is classified by itself.

    The rule asks for all of this: images of 1, 3 or 4 channels come in; each call gets just the output of the one
    before it; all of them compute each position by itself; the last is a Dense; and the output has the images' height
    and width. What pools, convolves, attends or computes between its layers is left alone. So is a Dense without
    softmax, unless it gets one single image and makes something else than colours of each pixel: colour networks work
    on pixels on purpose, and with targets their shape says more.
    """
    way = _only_way(called)
    if way is None or not all(map(_works_on_the_last_axis, way)):
        return
    head, came, gave = way[-1], called.shape, called.flat.outputs[0].shape
    if head.kind != "Dense" or came is None or not _keeps_pixels(came, gave):
        return
    if head.activation == "softmax" or (came[0] == 1 and gave is not None and gave[-1] not in CHANNEL_COUNTS):
        yield _forgotten(called, head, came, gave)


def _only_way(called: Called) -> tuple[Node, ...] | None:
    """The calls from the input to the output, in order, if there are no others."""
    flat = called.flat
    if not flat.whole or len(flat.inputs) != 1 or len(flat.outputs) != 1:
        return None
    way = tuple(flat.way_to(flat.outputs[0]))[::-1]
    starts = bool(way) and [edge.key for edge in way[0].gets] == [flat.inputs[0].key]
    return way if starts and len(way) == len(flat.nodes) else None


def _works_on_the_last_axis(node: Node) -> bool:
    """True if a layer computes each position of an image by itself; one with an ``axis`` may be made for others."""
    if node.contract is None or node.contract.positions is not Positions.APART:
        return False
    axis = node.attribute("axis", -1)
    axes = axis if isinstance(axis, list | tuple) else (axis,)
    return all(one in (-1, 3) for one in axes)


def _keeps_pixels(came: Shape, gave: Shape | None) -> bool:
    if len(came) != 4 or came[-1] not in CHANNEL_COUNTS or gave is None or len(gave) != 4:
        return False
    return gave[1:3] == came[1:3] and 1 not in came[1:3]


def _forgotten(called: Called, head: Node, came: Shape, gave: Shape | None) -> Diagnostic:
    units, dense = head.attribute("units"), head.subject.label
    does, what = "works on every pixel by itself", "numbers"
    if head.activation == "softmax":
        does, what = "classifies every pixel by itself", "probabilities"
    first = called.first if called.first is not None else dense
    return Diagnostic(
        RULE.code,
        f"{called.label} {does}: {units} {what} for each of {came[1]} x {came[2]} positions",
        where=called.where,
        gets=f"{called.came}, and gives {called.gave}",
        why=f"nothing mixes the positions of the image: {dense} works on the last axis only",
        fixes=(
            Fix.of(Insert("layers.Flatten()", first), condition="if there is one answer for the image"),
            Fix.of(Insert("layers.GlobalAveragePooling2D()", first), condition="for one number per channel"),
            Fix('tl.allow(layer, "forgotten-flatten"), if there is one answer for each pixel'),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL206", about=CALLED, find=find)
