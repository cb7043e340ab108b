"""TL409: the means of bytes are subtracted from images that are in a unit range already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.facts.ranges import ChannelFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image, range_at
from typedlayers.spec import Range, RangeClass

MEANS: Final = (103.939, 116.779, 123.68)
"""Means of blue, green and red over ImageNet, as bytes: what ``preprocess_input`` of VGG and ResNet subtracts."""

NEAR: Final = 1.01
"""How far values of a unit range are from 0, and a little more for rounding."""

LEVELS: Final = 16
"""More distinct values within 1 than almost black images of bytes have."""

UNIT_RANGES: Final = (RangeClass.UNIT, RangeClass.SIGNED_UNIT)


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for images that were centred before they came, or that the model itself centres."""
    if not is_image(seen.spec) or not seen.facts.finite:
        return
    node = _first_weights(seen)
    if node is not None and _is_centred(seen):
        said = f"the means of bytes were subtracted from images of a unit range, as {seen.label} gets them"
        yield _told(seen, said)
        return
    inside = _inside(seen)
    if inside is not None:
        op, reached = inside
        yield _told(seen, f"{op.subject.label} subtracts the means of bytes from images that are in {reached}")


def _is_centred(seen: SeenInput) -> bool:
    """Whether each channel lies around the mean of its colour, no further from it than a unit range goes."""
    if not (-MEANS[2] - NEAR <= seen.facts.low <= -MEANS[2] + NEAR and abs(seen.facts.high + MEANS[0]) <= NEAR):
        return False
    axes = [axis for axis in (-1, 1) if (seen.spec.shape or ())[axis] == 3]
    found = next((facts for axis in axes if (facts := seen.values.channels(axis)) is not None), None)
    if found is None or found.levels < LEVELS:
        return False
    return any(_lies_around(found, means) for means in (MEANS, MEANS[::-1]))


def _lies_around(found: ChannelFacts, means: tuple[float, ...]) -> bool:
    channels = list(zip(found.lows, found.highs, means, strict=True))
    spread = max(high - low for low, high, _ in channels)
    return spread >= 0.25 and all(low + mean >= -NEAR and high + mean <= NEAR for low, high, mean in channels)


def _first_weights(seen: SeenInput) -> Node | None:
    """The first layer with weights, if every layer before it keeps values."""
    for nodes, _ in seen.ways:
        for node in nodes:
            effect = None if node.contract is None else node.contract.values
            if effect is Values.WEIGHTED:
                return node
            if effect is not Values.KEPT:
                break
    return None


def _inside(seen: SeenInput) -> tuple[Node, str] | None:
    """The op of the model that subtracts the means from a unit range, and that range."""
    graph, edge = seen.graph, seen.edge
    if graph is None or edge is None:
        return None
    for node in graph.nodes:
        if not _subtracts(node):
            continue
        came = _before_channels_turn(graph, node.gets[0])
        reached = None if came is None else range_at(seen.facts, graph, came, edge)
        if reached is None or Range(*reached).family not in UNIT_RANGES:
            continue
        # black and white bytes are 0 and 1 too; what a layer scaled is not
        if (seen.facts.whole and reached == (seen.facts.low, seen.facts.high)) or reached[0] == reached[1]:
            continue
        return node, f"{reached[0]:.3g}..{reached[1]:.3g}"
    return None


def _subtracts(node: Node) -> bool:
    """Whether an op adds the means below zero, or subtracts the means."""
    if node.maker is not Maker.OP or len(node.gets) != 1 or node.kind not in ("Add", "Subtract"):
        return False
    sign = -1 if node.kind == "Add" else 1
    given = node.values.get("x2")
    if not isinstance(given, tuple) or len(given) != len(MEANS):
        return False
    return all(abs(sign * one - mean) < 0.5 for one, mean in zip(sorted(given, key=abs), MEANS, strict=True))


def _before_channels_turn(graph: Graph, edge: Edge) -> Edge | None:
    """The tensor whose channels were put in another order, one by one, to give this one; the tensor itself if none."""
    maker = graph.maker(edge)
    if maker is None or maker.kind != "Stack":
        return edge
    taken = [graph.maker(one) for one in maker.gets]
    came = {one.gets[0].key: one.gets[0] for one in taken if one is not None and one.kind == "GetItem"}
    return next(iter(came.values())) if len(came) == 1 and None not in taken else None


def _told(seen: SeenInput, headline: str) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        headline,
        where=seen.where,
        gets=f"{seen.spec} as {seen.label}, values {seen.facts}",
        needs="images 0..255, of which preprocess_input subtracts 103.939, 116.779 and 123.68",
        why="what is left of the pictures is 1 in 255: every pixel is about the same negative number",
        fixes=(
            Fix("preprocess_input of images 0..255: leave out the division by 255 (or 127.5) before it"),
            Fix("or undo it: preprocess_input(x * 255), for images in [0, 1]"),
        ),
        certainty=Certainty.PERHAPS if seen.is_trial else Certainty.CERTAIN,
    )


RULE = Rule(code="TL409", about=INPUT_VALUES, find=find, after=frozenset({"TL402"}))
