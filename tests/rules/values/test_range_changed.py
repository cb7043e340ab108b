"""TL406 `range-changed`: images in another range than the model was trained on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.rules.values.facts import BYTES, IMAGES, RAW, SIGNED, TABLE, UNIT, a_layer, seen, told, values
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.facts.values import Values
from typedlayers.rules.values.range_changed import RULE
from typedlayers.spec import Carrier, Spec

OLD = a_layer("Conv2D", fresh=False)


def served(spec: Any, facts: Any, trained: Any, **more: Any) -> Any:
    """Returns an input of a prediction, with what training saw of it."""
    return seen(spec, facts, OLD, use=Use.PREDICT, trained=trained, **more)


WRONG = {
    "bytes after a unit range": (served(BYTES, RAW, UNIT), Certainty.CERTAIN, "x / 255"),
    "bytes as floats after a unit range": (served(IMAGES, RAW, UNIT), Certainty.CERTAIN, "x / 255"),
    "bytes after a signed unit range": (served(BYTES, RAW, SIGNED), Certainty.CERTAIN, "x / 127.5 - 1"),
    "a unit range after bytes": (served(IMAGES, UNIT, RAW), Certainty.CERTAIN, "bytes 0..255"),
    "a unit range after a signed one": (served(IMAGES, UNIT, SIGNED), Certainty.PERHAPS, "x / 127.5 - 1"),
    "noise, to warm a model up": (served(IMAGES, values(0, 1, noise=True), RAW), Certainty.PERHAPS, "bytes 0..255"),
    "a signed unit range after a unit one": (served(IMAGES, SIGNED, UNIT), Certainty.PERHAPS, "x / 255"),
}

LOOKS_WRONG = {
    "training looks at the data anew": seen(BYTES, RAW, OLD, use=Use.FIT, trained=UNIT),
    "nothing is known of the training": seen(BYTES, RAW, OLD, use=Use.PREDICT),
    "a table may move": served(TABLE, values(0, 200, whole=True), UNIT),
    "black images are of every range": served(IMAGES, values(0, 0, whole=True), RAW),
    "a black and white batch of bytes": served(IMAGES, values(0, 1, whole=True), RAW),
    "a batch of light images after a signed range": served(IMAGES, values(0.4, 1), SIGNED),
    "slightly below zero": served(IMAGES, values(-0.1, 1), UNIT),
}

RIGHT = {
    "the same range": served(IMAGES, UNIT, UNIT),
    "a darker batch": served(IMAGES, values(0, 0.3), UNIT),
    "bytes as in training": served(BYTES, RAW, RAW),
}


def table(high: float, rows: int = 20, odd: int = 0) -> Any:
    """Rows of numbers that are served, after a training on -3..3; of each, some columns, or one value, are high."""
    came = np.tile(np.linspace(-2, 2, 8), (rows, 1))
    if odd:
        came[0, 0] = high
    else:
        came[:, :4] = np.linspace(high / 2, high, 4)
    facts = values(float(came.min()), float(came.max()))
    given = Values(came.astype("float32"))
    return replace(served(TABLE, facts, values(-3, 3)), values=given)


FAR = {"columns that were standardized in training": table(5000.0)}
NOT_FAR = {
    "an odd number": table(5000.0, odd=1),
    "an extrapolation": table(30.0),
    "two rows": table(5000.0, rows=2),
}


@pytest.mark.parametrize("subject", FAR.values(), ids=list(FAR))
def test_a_table_far_from_training_is_perhaps_wrong(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.certainty is Certainty.PERHAPS
    assert "(x - mean) / deviation" in one.fixes[0].text


@pytest.mark.parametrize("subject", NOT_FAR.values(), ids=list(NOT_FAR))
def test_a_table_may_hold_other_numbers(subject: Any) -> None:
    assert told(RULE, subject) == []


def dark(high: float, trained: Any, *, levels: int = 100) -> Any:
    """Returns an input of a prediction of a few small numbers."""
    found = Values.of(np.linspace(high / levels, high, levels, dtype="float32").reshape(-1, 1, 1, 1))
    assert found.range is not None
    return replace(served(IMAGES, found.range, trained), values=found)


DIMMED = {
    "divided by 255 once more": dark(1 / 255, UNIT),
    "divided after bytes that were centred": dark(1.0, values(-123.68, 151.06)),
}

BRIGHT = {
    "a dark picture": dark(1 / 20, UNIT),
    "an almost black one of bytes that were divided": dark(1 / 255, UNIT, levels=1),
    "training saw as little": dark(1 / 255, values(0, 1 / 255)),
}


@pytest.mark.parametrize("subject", DIMMED.values(), ids=list(DIMMED))
def test_values_far_smaller_than_in_training_are_perhaps_wrong(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.certainty is Certainty.PERHAPS
    assert one.why == "they are far smaller than those of the training, as if they had been divided by 255 once more"


@pytest.mark.parametrize("subject", BRIGHT.values(), ids=list(BRIGHT))
def test_dark_pictures_are_no_mistake(subject: Any) -> None:
    assert told(RULE, subject) == []


@pytest.mark.parametrize(("subject", "certainty", "fix"), WRONG.values(), ids=list(WRONG))
def test_another_range_is_said(subject: Any, certainty: Certainty, fix: str) -> None:
    (one,) = told(RULE, subject)
    now, before = subject.facts, subject.trained
    assert one.headline == (
        f'the input of Sequential "net" gets values {now.low:g}..{now.high:g},'
        f' but Sequential "net" was trained on {before.low:g}..{before.high:g}'
    )
    assert one.certainty is certainty
    assert fix in str(one.fixes[0])


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []


REPAIRS = {
    "bytes after a unit range": (served(BYTES, RAW, UNIT), [(1 / 255, 0.0)]),
    "bytes after a signed unit range": (served(BYTES, RAW, SIGNED), [(1 / 127.5, -1.0)]),
    "floats may be anything": (served(IMAGES, RAW, UNIT), []),
    "a unit range cannot be made bytes": (served(IMAGES, UNIT, RAW), []),
}


@pytest.mark.parametrize(("subject", "repairs"), REPAIRS.values(), ids=list(REPAIRS))
def test_bytes_are_scaled_as_in_training(subject: Any, repairs: Any) -> None:
    (one,) = told(RULE, subject)
    assert [(repair.scale, repair.offset) for repair in one.repairs] == repairs


def lenient(spec: Any, facts: Any, trained: Any, **more: Any) -> Any:
    return served(spec, facts, trained, **{"rescales": True, **more})


TABLE_OF_BYTES = Spec("uint8", (None, 784), Carrier.ARRAY)
BINARY = values(0, 1, whole=True)

OF_BYTES = {
    # bytes are scaled by their dtype: however dark they are, and whatever the number of axes
    "bright": (lenient(BYTES, RAW, UNIT), 1 / 255),
    "dark": (lenient(BYTES, values(0, 31, whole=True), UNIT), 1 / 255),
    "black": (lenient(BYTES, values(0, 0, whole=True), UNIT), 1 / 255),
    "flat": (lenient(TABLE_OF_BYTES, RAW, UNIT), 1 / 255),
    "almost to both ends": (lenient(BYTES, RAW, values(0.01, 0.99)), 1 / 255),
    "declared": (lenient(BYTES, RAW, None, promised=(-1, 1)), 1 / 127.5),
    "in training": (seen(BYTES, RAW, OLD, use=Use.FIT, trained=UNIT, rescales=True), 1 / 255),
    # a factor would be a guess
    "only the middle of the range": (lenient(BYTES, RAW, values(0.2, 0.7)), None),
    "around 0": (lenient(BYTES, RAW, values(-0.5, 0.5)), None),
    "a tenth of it": (lenient(BYTES, RAW, values(0, 0.1)), None),
    "standardised": (lenient(BYTES, RAW, values(-2.1, 2.6)), None),
    "dark, and standardised": (lenient(BYTES, values(0, 31, whole=True), values(-2.1, 2.6)), None),
    "frozen, and nothing known": (served(BYTES, RAW, None, frozen=True), None),
    "notes that cannot be read": (served(BYTES, RAW, None, unread=True), None),
    "out of what is declared": (served(BYTES, RAW, None, promised=(0, 10)), None),
    "floats out of what is declared": (served(IMAGES, values(0, 2), None, promised=(0, 1)), None),
    "floats out of what a frozen model was trained on": (
        served(IMAGES, values(-9, 9), values(-2, 2), frozen=True),
        None,
    ),
}

AS_PROMISED = {
    "masks of 0 and 1 are whole numbers in every dtype": lenient(BYTES, BINARY, BINARY),
    "bytes after pictures 0..255 with fractions": lenient(BYTES, RAW, values(0.3, 254)),
    "a table of whole numbers after fractions": lenient(TABLE_OF_BYTES, values(0, 9, whole=True), values(-3, 12)),
    "ones and zeros, which strict cannot tell from a mask": served(BYTES, BINARY, UNIT),
    "rounding": served(IMAGES, values(-1e-5, 1.00001), None, promised=(0, 1)),
    "a little more than the first samples of the training": served(IMAGES, values(-3, 3), values(-2, 2), frozen=True),
    "bytes as declared": served(BYTES, RAW, None, promised=(0, 255)),
}


@pytest.mark.parametrize(("subject", "scale"), OF_BYTES.values(), ids=list(OF_BYTES))
def test_what_is_promised_is_kept(subject: Any, scale: float | None) -> None:
    (one,) = told(RULE, subject)
    assert one.certainty is Certainty.CERTAIN
    assert [repair.scale for repair in one.repairs] == ([] if scale is None else [scale])


@pytest.mark.parametrize("subject", AS_PROMISED.values(), ids=list(AS_PROMISED))
def test_what_keeps_a_promise_is_right(subject: Any) -> None:
    assert told(RULE, subject) == []


PERHAPS = {
    "one image of noise, which warms a model up": served(BYTES, values(0, 255, whole=True, noise=True), UNIT),
    "small numbers of a table": served(TABLE_OF_BYTES, values(0, 3, whole=True), UNIT),
}


@pytest.mark.parametrize("subject", PERHAPS.values(), ids=list(PERHAPS))
def test_bytes_that_may_be_something_else_are_perhaps_wrong(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize(
    ("subject", "fix"),
    [
        (served(IMAGES, values(0, 255, whole=True), None, promised=(0, 1)), "scale the data: x = x / 255"),
        (served(IMAGES, values(0, 255, whole=True), None, promised=(-1, 1)), "scale the data: x = x / 127.5 - 1"),
        (served(IMAGES, values(0, 2), None, promised=(0, 1)), "scale the data to 0..1"),
    ],
    ids=["bytes", "bytes for a signed range", "no range of pictures"],
)
def test_what_is_declared_says_how_to_get_there(subject: Any, fix: str) -> None:
    (one,) = told(RULE, subject)
    assert [offer.text for offer in one.fixes] == [fix]
