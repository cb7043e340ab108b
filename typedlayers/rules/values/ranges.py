"""The values of the first batch, and what the layers between the input and the first weights make of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Argument, Data, Edit, Remove
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location
from typedlayers.facts.graph import Node
from typedlayers.facts.values import ValueFacts
from typedlayers.rules.contracts.repair_plan import CHANNEL_COUNTS
from typedlayers.spec import RangeClass, Spec

Way = tuple[tuple[Node, ...], tuple[Spec, ...]]
"""A way of one input through a model: its layers, and what each of them gets."""

HALF_MOST: Final = 65504.0
"""The greatest finite float16 (IEEE 754 binary16)."""

BYTE_SCALES: Final = (1 / 256, 1 / 127)
"""Least and greatest scale that brings bytes into a unit range: 1/256, 1/255, 1/128, 1/127.5, 1/127."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a model, what was seen of it, and its ways to the weights.

    Attributes:
        who: the input in the user's names: ``input "image" of Functional "net"``.
        spec: the spec of the data.
        facts: what was seen of the values.
        ways: its ways through the model.
        where: the line that gives the data.
    """

    who: str
    spec: Spec
    facts: ValueFacts
    ways: tuple[Way, ...]
    where: Location


def is_image(spec: Spec) -> bool:
    """Whether a tensor has the axes of a batch of images of 1, 3 or 4 channels."""
    shape = spec.shape
    return shape is not None and len(shape) == 4 and (shape[-1] in CHANNEL_COUNTS or shape[1] in CHANNEL_COUNTS)


def check_values(given: Input) -> Iterator[Diagnostic]:
    """Yields what is wrong with the values of one input."""
    if given.facts.nan or given.facts.infinite:
        yield from _not_finite(given)
        return
    for rule in (_overflows, _scaled_twice, _supposed_range):
        found = next((d for way in given.ways if (d := rule(given, way)) is not None), None)
        if found is not None:
            yield found


# ------------------------------------------------------------------------------------------ finite values
def _not_finite(given: Input) -> Iterator[Diagnostic]:
    """TL402: the first weights get what is no number; a layer that may take care of it ends the rule."""
    facts = given.facts
    reached = next((node for nodes, _ in given.ways if (node := _first_weights(nodes)) is not None), None)
    if reached is None:
        return
    what, count = ("NaN", facts.nan) if facts.nan else ("infinity", facts.infinite)
    yield Diagnostic(
        "TL402",
        f"{count} of {facts.count} values of {given.who} are {what} and reach {reached.subject.label}",
        where=given.where,
        gets=str(given.spec),
        needs="finite numbers",
        why=f"one {what} in a batch makes the loss NaN, and with it every weight",
        fixes=(
            Fix("find where they come from: np.argwhere(~np.isfinite(x))"),
            Fix("fill them before training: np.nan_to_num(x), or drop the rows"),
        ),
    )


def _scaled(given: Input) -> tuple[Edit, ...]:
    """The edit that divides data by the greatest of their values that was seen."""
    return (Data("x", f"x / {max(abs(given.facts.low), abs(given.facts.high)):g}"),)


def _first_weights(nodes: Sequence[Node]) -> Node | None:
    """The first layer with weights, if every layer before it is known and hands on what it gets as it is."""
    for node in nodes:
        contract = node.resolved.contract if node.resolved is not None else None
        if contract is None or _is_masking(node):
            return None
        if contract.values is Values.WEIGHTED:
            return node
        if contract.values is not Values.KEPT and _affine(node) is None:
            return None
    return None


def _is_masking(node: Node) -> bool:
    return hasattr(node.resolved.layer if node.resolved is not None else None, "mask_value")


# -------------------------------------------------------------------------------------------- ranges
def _affine(node: Node) -> tuple[float, float] | None:
    """Scale and offset of a Rescaling by one number each, None of any other layer."""
    layer: Any = node.resolved.layer if node.resolved is not None else None
    scale, offset = getattr(layer, "scale", None), getattr(layer, "offset", None)
    if type(layer).__name__ != "Rescaling" or not all(isinstance(n, int | float) for n in (scale, offset)):
        return None
    return float(scale), float(offset)  # pyright: ignore[reportArgumentType]


def _followed(given: Input, way: Way) -> Iterator[tuple[Node, float, float]]:
    """Each layer of a way with the range of what it gets, as long as every layer's effect on the values is known."""
    low, high = given.facts.low, given.facts.high
    for node in way[0]:
        yield node, low, high
        contract = node.resolved.contract if node.resolved is not None else None
        if contract is None:
            return
        step = _affine(node)
        if step is not None:
            low, high = sorted((low * step[0] + step[1], high * step[0] + step[1]))
        elif contract.values is not Values.KEPT:
            return


def _overflows(given: Input, way: Way) -> Diagnostic | None:
    """TL403: values beyond float16 become infinite where a float16 layer casts them."""
    for node, low, high in _followed(given, way):
        policy = node.resolved.policy if node.resolved is not None else None
        most = max(abs(low), abs(high))
        if policy is not None and policy.compute == "float16" and most > HALF_MOST and math.isfinite(most):
            return Diagnostic(
                "TL403",
                f"values up to {most:g} of {given.who} become infinite in {node.subject.label}, which is float16",
                where=node.subject.where,
                gets=f"{given.spec}, values {given.facts}",
                needs=f"values up to {HALF_MOST:g}, the greatest float16",
                why=f"Keras casts what {node.subject.label} gets to its compute dtype, float16",
                fixes=(
                    Fix(
                        'dtype="float32" (or "bfloat16") for ' + node.subject.short,
                        edits=(Argument(node.subject.short, "dtype", '"float32"'),),
                    ),
                    Fix("scale the data: divide them by their greatest value, or normalize them", edits=_scaled(given)),
                ),
            )
    return None


def _scaled_twice(given: Input, way: Way) -> Diagnostic | None:
    """TL404: images that are in a unit range already are divided by 255 once more."""
    facts = given.facts
    ready = facts.family in (RangeClass.UNIT, RangeClass.SIGNED_UNIT) and not facts.whole
    if not is_image(given.spec):
        return None
    divided: Node | None = None
    for node, low, high in _followed(given, way):
        step = _affine(node)
        if step is None or not BYTE_SCALES[0] <= abs(step[0]) <= BYTE_SCALES[1]:
            continue
        if divided is None and not ready:
            divided = node if max(abs(low), abs(high)) * abs(step[0]) <= 2 else None  # 16-bit images need it twice
            continue
        before = f"after {divided.subject.label}" if divided is not None else "already"
        return Diagnostic(
            "TL404",
            f"{node.subject.label} divides images by {1 / abs(step[0]):g} that are {before} in {low:.3g}..{high:.3g}",
            where=node.subject.where,
            gets=f"{given.spec} from {given.who}, values {facts}",
            needs="values 0..255, [0, 255]",
            why=f"scaled twice, all values lie within {abs(high * step[0]):.2g} of {step[1]:g}",
            fixes=(
                Fix("feed the images as they are, 0..255, if it is you who divides them before the model"),
                Fix(f"remove {node.subject.short}, if it is yours", edits=(Remove(node.subject.short),)),
            ),
        )
    return None


def _supposed_range(given: Input, way: Way) -> Diagnostic | None:
    """TL405: an augmentation made for 0..255 gets images in [0, 1], or the reverse."""
    facts = given.facts
    if not is_image(given.spec):
        return None
    for node, low, high in _followed(given, way):
        supposed = _value_range(node)
        if supposed is None:
            continue
        unit = low >= 0 and high <= 1 and not facts.whole
        wide = low >= 0 and 2 < high <= 255
        if not ((unit and supposed[1] > 2) or (wide and supposed[1] <= 1)):
            continue
        needs = "(0.0, 1.0)" if unit else "(0, 255)"
        return Diagnostic(
            "TL405",
            f"{node.subject.label} supposes values {supposed[0]:g}..{supposed[1]:g} but gets {low:.3g}..{high:.3g}",
            where=node.subject.where,
            gets=f"{given.spec} from {given.who}",
            needs=f"value_range={supposed[0]:g}..{supposed[1]:g}",
            why="it shifts and clips images by the range that its value_range names, not by that of the images",
            fixes=(
                Fix(
                    f"value_range={needs} for {node.subject.short}",
                    edits=(Argument(node.subject.short, "value_range", needs),),
                ),
            ),
        )
    return None


def _value_range(node: Node) -> tuple[float, float] | None:
    """The ``value_range`` that a preprocessing layer was given, or has by default."""
    layer: Any = node.resolved.layer if node.resolved is not None else None
    given = getattr(layer, "value_range", None)
    if not isinstance(given, list | tuple) or len(given) != 2 or not all(isinstance(n, int | float) for n in given):
        return None
    return float(given[0]), float(given[1])


# --------------------------------------------------------------------------- training and serving
def check_against_training(given: Input, trained: ValueFacts, label: str) -> Diagnostic | None:
    """TL406: images come in another class of range than the model was trained on.

    Only what a few images cannot look like by chance counts: whole bytes for a unit range, and the reverse; and a
    batch that starts at black where training had -1 for black.
    """
    now, before = given.facts, trained
    if not is_image(given.spec) or before.family is now.family:
        return None
    small = (RangeClass.UNIT, RangeClass.SIGNED_UNIT)
    certain = now.family is RangeClass.BYTES and before.family in small
    certain |= before.family is RangeClass.BYTES and now.family in small and not now.whole
    signed = before.family is RangeClass.SIGNED_UNIT and now.family is RangeClass.UNIT
    black = before.low <= -0.9 and 0 <= now.low <= 0.1 and now.high >= 0.8
    lost = before.family is RangeClass.UNIT and now.family is RangeClass.SIGNED_UNIT and now.low <= -0.5
    if not certain and not (signed and black) and not lost:
        return None
    return Diagnostic(
        "TL406",
        f"{given.who} gets values {now}, but {label} was trained on {before.low:.3g}..{before.high:.3g}",
        where=given.where,
        gets=f"{given.spec}, values in the range {now.family.value}",
        needs=f"values in the range {before.family.value}, as in training",
        why="the weights suppose the range that they were trained on",
        fixes=(
            Fix(f"the preprocessing of the training: {_scaling(before.family)}"),
            Fix(f"best inside the model, for both: layers.{_layer(before.family)} behind the input"),
        ),
        certainty=Certainty.CERTAIN if certain else Certainty.PERHAPS,
    )


def _scaling(family: RangeClass) -> str:
    return {
        RangeClass.UNIT: "x / 255",
        RangeClass.SIGNED_UNIT: "x / 127.5 - 1",
        RangeClass.BYTES: "bytes 0..255, not divided",
    }.get(family, "whatever brought them into that range")


def _layer(family: RangeClass) -> str:
    return "Rescaling(1 / 127.5, offset=-1)" if family is RangeClass.SIGNED_UNIT else "Rescaling(1 / 255)"
