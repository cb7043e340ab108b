"""TL406: images come in another range than the model was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Repair
from typedlayers.facts.ranges import ValueFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.bytes import raw_layer, rescale
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import RangeClass

UNIT_RANGES = (RangeClass.UNIT, RangeClass.SIGNED_UNIT)


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding where only a few images cannot look like it by chance."""
    trained = seen.trained
    if seen.use.trains or trained is None or not is_image(seen.spec) or not seen.facts.finite:
        return
    if _is_dimmed(seen, trained):
        yield _dimmed(seen, trained)
        return
    if trained.family is seen.facts.family:
        return
    certain = _is_certain(seen.facts, trained)
    if certain or _is_likely(seen.facts, trained):
        yield _changed(seen, trained, Certainty.CERTAIN if certain and not seen.is_trial else Certainty.PERHAPS)


DIMMER: Final = 200
"""How many times as great values of the training are, where images were divided by 255 once more."""

CENTRED: Final = 100
"""Bytes of which a mean was subtracted go further from 0 than this."""

LEVELS: Final = 16
"""More distinct values than an almost black picture of bytes has below 1 / 200."""


def _is_dimmed(seen: SeenInput, trained: ValueFacts) -> bool:
    """Whether images go as little beyond 0 as those that were divided by 255 once more; black ones have few levels."""
    most, least = max(abs(trained.low), abs(trained.high)), max(abs(seen.facts.low), abs(seen.facts.high))
    if trained.family is RangeClass.BYTES and seen.facts.family is RangeClass.UNIT:
        return False  # said with certainty
    far = least <= most / DIMMER or (least <= 1 and most >= CENTRED)
    return least > 0 and far and not seen.facts.whole and seen.values.levels >= LEVELS


def _dimmed(seen: SeenInput, trained: ValueFacts) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets values {seen.facts}, but {seen.model} was trained on {trained.low:.3g}..{trained.high:.3g}",
        where=seen.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs=f"values in the range {trained.low:.3g}..{trained.high:.3g}, as in training",
        why="they are far smaller than those of the training, as if they had been divided by 255 once more",
        fixes=(Fix("the preprocessing of the training, once: no second division, no other scale"),),
        certainty=Certainty.PERHAPS,
        place=seen.place,
    )


def _is_certain(now: ValueFacts, before: ValueFacts) -> bool:
    """Whole bytes for a unit range, and the reverse."""
    if now.family is RangeClass.BYTES:
        return before.family in UNIT_RANGES
    return before.family is RangeClass.BYTES and now.family in UNIT_RANGES and not now.whole


def _is_likely(now: ValueFacts, before: ValueFacts) -> bool:
    """A batch that starts at black where training had -1 for black; negative values where training had none."""
    if before.family is RangeClass.SIGNED_UNIT and now.family is RangeClass.UNIT:
        return before.low <= -0.9 and 0 <= now.low <= 0.1 and now.high >= 0.8
    return before.family is RangeClass.UNIT and now.family is RangeClass.SIGNED_UNIT and now.low <= -0.5


def _changed(seen: SeenInput, trained: ValueFacts, certainty: Certainty) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets values {seen.facts}, but {seen.model} was trained on {trained.low:.3g}..{trained.high:.3g}",
        where=seen.where,
        gets=f"{seen.spec}, values in the range {seen.facts.family.value}",
        needs=f"values in the range {trained.family.value}, as in training",
        why="the weights suppose the range that they were trained on",
        fixes=(
            Fix(f"the preprocessing of the training: {_scaling(trained.family)}"),
            Fix(f"best inside the model, for both: layers.{_layer(trained.family)} after the input"),
        ),
        certainty=certainty,
        repairs=_repairs(seen, trained),
        place=seen.place,
    )


def _repairs(seen: SeenInput, trained: ValueFacts) -> tuple[Repair, ...]:
    """The scale for bytes that are bytes by their dtype, into the unit range of training; all else is a guess."""
    node = raw_layer(seen)
    if node is None or seen.spec.dtype != "uint8" or trained.family not in UNIT_RANGES:
        return ()
    return (rescale(seen, node),)


def _scaling(family: RangeClass) -> str:
    return {
        RangeClass.UNIT: "x / 255",
        RangeClass.SIGNED_UNIT: "x / 127.5 - 1",
        RangeClass.BYTES: "bytes 0..255, not divided",
    }.get(family, "whatever brought them into that range")


def _layer(family: RangeClass) -> str:
    return "Rescaling(1 / 127.5, offset=-1)" if family is RangeClass.SIGNED_UNIT else "Rescaling(1 / 255)"


RULE = Rule(
    code="TL406",
    about=INPUT_VALUES,
    find=find,
    after=frozenset({"TL402", "TL403", "TL404", "TL405"}),
)
