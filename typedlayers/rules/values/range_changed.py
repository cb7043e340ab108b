"""TL406: values come in another range than the model was trained on, or declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Repair
from typedlayers.facts.ranges import ValueFacts
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.bytes import LEAST_MOST, reached_raw
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import Range, RangeClass

UNIT_RANGES = (RangeClass.UNIT, RangeClass.SIGNED_UNIT)


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding: of bytes by their dtype, of other values where they cannot look like it by chance."""
    if not seen.facts.finite:
        return
    found = _of_bytes(seen) if seen.spec.dtype == "uint8" else None
    if found is None and (seen.taken.declared is not None or seen.frozen):
        found = _out_of_contract(seen)
    trained = seen.taken.trained
    if found is None and trained is not None and seen.taken.declared is None and not seen.use.trains:
        found = _unlike_training(seen, trained)
    if found is not None:
        yield found


# ------------------------------------------------------------------------------------------------ bytes
def _of_bytes(seen: SeenInput) -> Diagnostic | None:
    """What can be said of uint8: where bytes are scaled, the dtype alone decides, not what a batch happens to hold."""
    scale, taken = seen.taken.scale, seen.trained
    if scale is not None:
        learns = seen.use.trains and seen.taken.declared is None
        said = seen.rescales if learns else seen.rescales or seen.facts.high > 1
        return _scaled(seen, scale) if said else None
    if taken is None:
        unknown = seen.unread or (seen.frozen and not seen.use.trains)
        return _unknown(seen) if unknown and reached_raw(seen) is not None else None
    # Fractions of pictures, of which bytes are not those pictures: a factor would be a guess.
    fractions = not taken.whole and taken.family is not RangeClass.BYTES and seen.taken.declared is None
    if seen.rescales and fractions and not seen.use.trains and reached_raw(seen) is not None:
        return _changed(seen, taken, Certainty.CERTAIN)
    return None


def _scaled(seen: SeenInput, scale: Repair) -> Diagnostic:
    taken = seen.trained
    assert taken is not None
    said = _source(seen)
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets values {seen.facts}, but {seen.model} {said} {taken.low:.3g}..{taken.high:.3g}",
        where=seen.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs=f"values in the range {taken.family.value}",
        why=_why(seen),
        fixes=(
            replace(_as_trained(seen, taken), repair=scale),
            Fix(f"best inside the model, for both: layers.{_layer(taken.family)} after the input"),
        ),
        certainty=Certainty.CERTAIN if _are_bytes(seen) else Certainty.PERHAPS,
        repairs=(scale,),
        place=seen.place,
    )


def _are_bytes(seen: SeenInput) -> bool:
    """Returns False for noise that warms a model up, and for small numbers of a table: its counts may be bytes."""
    if seen.rescales or seen.taken.declared is not None:
        return True
    return not seen.is_trial and ((seen.spec.rank or 0) > 2 or seen.facts.high >= LEAST_MOST)


def _unknown(seen: SeenInput) -> Diagnostic:
    why = (
        "the notes of typedlayers on it could not be read"
        if seen.unread
        else "it is frozen, and nothing is known of it"
    )
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets bytes {seen.facts}, and it is not known what values {seen.model} takes",
        where=seen.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs="a known range of values",
        why=why,
        fixes=(Fix("tl.Input(..., values=(0, 1)) declares the range that the model was trained on"),),
        place=seen.place,
    )


# ------------------------------------------------------------------------------------- what is promised
def _out_of_contract(seen: SeenInput) -> Diagnostic | None:
    """Values outside of a range that is declared, or that a frozen model was trained on."""
    ends = seen.taken.ends
    if ends is None:
        return None
    (low, high), margin = ends, _margin(seen, ends)
    if low - margin <= seen.facts.low and seen.facts.high <= high + margin:
        return None
    said = _source(seen)
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets values {seen.facts}, but {seen.model} {said} {low:.3g}..{high:.3g}",
        where=seen.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs=f"values {low:.3g}..{high:.3g}",
        why=_why(seen),
        fixes=(_into(seen, ends),),
        place=seen.place,
    )


def _into(seen: SeenInput, ends: tuple[float, float]) -> Fix:
    """What brings the values into the range that they have to be in, if that is one that pictures have."""
    came = RangeClass.BYTES if seen.spec.dtype == "uint8" else seen.facts.family
    code = None if seen.place.path else _BETWEEN.get((came, Range(*ends).family))
    if code is None:
        known = seen.taken.declared is None
        return Fix("the preprocessing of the training" if known else f"scale the data to {ends[0]:.3g}..{ends[1]:.3g}")
    return Fix(f"scale the data: x = {code}", edits=(Data("x", code),))


def _why(seen: SeenInput) -> str:
    declared = seen.taken.declared is not None
    return "the range is declared" if declared else "the weights suppose the range that they were trained on"


def _source(seen: SeenInput) -> str:
    return "was trained on" if seen.taken.declared is None else "declares"


ROUNDED: Final = 1e-3
"""How far beyond an end rounding goes, as a share of the width."""

GROWN: Final = 0.5
"""How far values go beyond those of the first samples of a training, as a share of the width."""


def _margin(seen: SeenInput, ends: tuple[float, float]) -> float:
    trained = seen.taken.trained
    sampled = seen.taken.declared is None and trained is not None and ends == (trained.low, trained.high)
    return (GROWN if sampled else ROUNDED) * (ends[1] - ends[0])


# ------------------------------------------------------------------------------------- what training saw
def _unlike_training(seen: SeenInput, trained: ValueFacts) -> Diagnostic | None:
    if seen.spec.rank == 2 and _is_far(seen, trained):
        return _far(seen, trained)
    if not is_image(seen.spec):
        return None
    if _is_dimmed(seen, trained):
        return _dimmed(seen, trained)
    if trained.family is seen.facts.family:
        return None
    certain = _is_certain(seen.facts, trained)
    if certain or _is_likely(seen.facts, trained):
        return _changed(seen, trained, Certainty.CERTAIN if certain and not seen.is_trial else Certainty.PERHAPS)
    return None


FAR: Final = 10
"""How many widths of the training's range beyond its ends no extrapolation of a table goes."""

FAR_SHARE: Final = 0.4
"""The share of the values of a table that are so far off where the columns were scaled in training alone."""

SEVERAL: Final = 4
"""Rows of a table of which one may hold an odd number."""


def _is_far(seen: SeenInput, trained: ValueFacts) -> bool:
    """Whether many values of a table are far beyond all that the training saw, as before they were standardized."""
    width, came = trained.high - trained.low, seen.values.first
    beyond = max(seen.facts.high - trained.high, trained.low - seen.facts.low)
    if width <= 0 or came is None or len(came) < SEVERAL or beyond <= FAR * width:
        return False
    off = (came > trained.high + FAR * width) | (came < trained.low - FAR * width)
    return bool(off.mean() >= FAR_SHARE)


def _far(seen: SeenInput, trained: ValueFacts) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{seen.label} gets values {seen.facts}, but {seen.model} was trained on {trained.low:.3g}..{trained.high:.3g}",
        where=seen.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs=f"values in the range {trained.low:.3g}..{trained.high:.3g}, as in training",
        why="most are far beyond all that the training saw, as if they had not been standardized as it was",
        fixes=(
            Fix("the preprocessing of the training, with its own mean and deviation: (x - mean) / deviation"),
            Fix("best inside the model, for both: layers.Normalization() after the input, adapted to the training"),
        ),
        certainty=Certainty.PERHAPS,
        place=seen.place,
    )


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
        fixes=(
            Fix(
                "the preprocessing of the training, once: no second division, no other scale",
                edits=_again(seen, trained),
            ),
        ),
        certainty=Certainty.PERHAPS,
        place=seen.place,
    )


def _again(seen: SeenInput, trained: ValueFacts) -> tuple[Edit, ...]:
    """What takes a second division by 255 back."""
    most, least = max(abs(trained.low), abs(trained.high)), max(abs(seen.facts.low), abs(seen.facts.high))
    once = 0.8 <= most / least / 255 <= 1.25
    return (Data("x", "x * 255"),) if once and not seen.place.path else ()


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
            _as_trained(seen, trained),
            Fix(f"best inside the model, for both: layers.{_layer(trained.family)} after the input"),
        ),
        certainty=certainty,
        place=seen.place,
    )


_BETWEEN: Final[Mapping[tuple[RangeClass, RangeClass], str]] = MappingProxyType(
    {
        (RangeClass.BYTES, RangeClass.UNIT): "x / 255",
        (RangeClass.BYTES, RangeClass.SIGNED_UNIT): "x / 127.5 - 1",
        (RangeClass.UNIT, RangeClass.SIGNED_UNIT): "x * 2 - 1",
        (RangeClass.UNIT, RangeClass.BYTES): "x * 255",
        (RangeClass.SIGNED_UNIT, RangeClass.UNIT): "(x + 1) / 2",
        (RangeClass.SIGNED_UNIT, RangeClass.BYTES): "(x + 1) * 127.5",
    }
)
"""What brings values of one range into another."""


def _as_trained(seen: SeenInput, trained: ValueFacts) -> Fix:
    """The preprocessing of the training; as an edit what makes the same of the values that were given."""
    came = RangeClass.BYTES if seen.spec.dtype == "uint8" else seen.facts.family
    code = _BETWEEN.get((came, trained.family))
    edits = () if code is None or seen.place.path else (Data("x", code),)
    text = _scaling(trained.family)
    same = "" if code is None or code == text else f", which {code} makes of these"
    return Fix(f"the preprocessing of the training: {text}{same}", edits=edits)


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
