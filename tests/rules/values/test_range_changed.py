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
