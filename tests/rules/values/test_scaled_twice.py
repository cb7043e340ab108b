"""TL404 `scaled-twice`: images that are divided by 255 once more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.values.facts import IMAGES, RAW, SIGNED, TABLE, UNIT, a_layer, an_op, custom, seen, told, values
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.rules.values.scaled_twice import RULE

CONV = a_layer("Conv2D")
DIVIDES = a_layer("Rescaling", scale=1 / 255, offset=0)
SIGNED_DIVIDES = a_layer("Rescaling", scale=1 / 127.5, offset=-1)

WRONG = {
    "a unit range is divided": (seen(IMAGES, UNIT, DIVIDES, CONV), "images by 255 that are already in 0..1"),
    "a signed unit range is divided": (seen(IMAGES, SIGNED, DIVIDES, CONV), "images by 255 that are already in -1..1"),
    "to a signed range": (seen(IMAGES, UNIT, SIGNED_DIVIDES, CONV), "images by 127.5 that are already in 0..1"),
    "two layers divide": (
        seen(IMAGES, RAW, DIVIDES, DIVIDES, CONV),
        'images by 255 that are after Rescaling "rescaling" in 0..1',
    ),
    "with a layer between that keeps values": (
        seen(IMAGES, RAW, DIVIDES, a_layer("Flatten"), DIVIDES),
        'images by 255 that are after Rescaling "rescaling" in 0..1',
    ),
}

OPS = {
    "x / 255 in the model": (seen(IMAGES, UNIT, an_op("TrueDivide", 255.0), CONV), "op divides images by 255"),
    "x * (1 / 255)": (seen(IMAGES, UNIT, an_op("Multiply", 1 / 255), CONV), "op divides images by 255"),
    "x / 127.5 - 1": (
        seen(IMAGES, UNIT, an_op("TrueDivide", 127.5), an_op("Subtract", 1.0), CONV),
        "op divides images by 127.5",
    ),
}

LOOKS_WRONG = {
    "an op divides by anything: a temperature": seen(IMAGES, UNIT, an_op("TrueDivide", 200.0), CONV),
    "an op divides bytes": seen(IMAGES, RAW, an_op("TrueDivide", 255.0), CONV),
    "whole numbers 0 and 1 may be a black batch": seen(IMAGES, values(0, 1, whole=True), DIVIDES, CONV),
    "16-bit images need it twice": seen(IMAGES, values(0, 65535, whole=True), DIVIDES, DIVIDES, CONV),
    "a unit range is made bytes first, for a backbone that divides them": seen(
        IMAGES, UNIT, a_layer("Rescaling", scale=255, offset=0), DIVIDES, CONV
    ),
    "a unit range is made a signed one": seen(IMAGES, UNIT, a_layer("Rescaling", scale=2, offset=-1), CONV),
    "a table of rates": seen(TABLE, UNIT, DIVIDES, a_layer("Dense")),
    "a layer of the user's is between": seen(IMAGES, RAW, DIVIDES, custom(), DIVIDES),
    "NaN among them": seen(IMAGES, values(0, 1, nan=2), DIVIDES, CONV),
}

RIGHT = {
    "bytes are divided once": seen(IMAGES, RAW, DIVIDES, CONV),
    "a unit range is left": seen(IMAGES, UNIT, CONV),
}


@pytest.mark.parametrize(("subject", "says"), WRONG.values(), ids=list(WRONG))
def test_a_second_division_is_said(subject: Any, says: str) -> None:
    (one,) = told(RULE, subject)
    assert one.headline == f'Rescaling "rescaling" divides {says}'
    assert [str(edit) for fix in one.fixes for edit in fix.edits]


@pytest.mark.parametrize(("subject", "says"), OPS.values(), ids=list(OPS))
def test_a_second_division_by_an_op_is_said(subject: Any, says: str) -> None:
    (one,) = told(RULE, subject)
    assert says in one.headline


TRIALS = {
    "noise warms a model up": seen(IMAGES, values(0, 1, noise=True), DIVIDES, CONV, use=Use.PREDICT),
    "in a call": seen(IMAGES, values(0, 1, noise=True), DIVIDES, CONV, use=Use.CALL),
    "after a training on pictures": seen(
        IMAGES, values(0, 1, noise=True), DIVIDES, CONV, use=Use.PREDICT_ON_BATCH, trained=RAW
    ),
    "one image, after a training on noise": seen(
        IMAGES, values(0, 1, noise=True), DIVIDES, CONV, use=Use.PREDICT, trained=values(0, 255, noise=True)
    ),
}

NO_TRIALS = {
    "a picture": seen(IMAGES, UNIT, DIVIDES, CONV, use=Use.PREDICT),
    "noise that is trained on": seen(IMAGES, values(0, 1, noise=True), DIVIDES, CONV),
    "several images, after a training on noise": seen(
        IMAGES,
        replace(values(0, 1, noise=True), count=8 * 192),
        DIVIDES,
        CONV,
        use=Use.PREDICT,
        trained=values(0, 255, noise=True),
    ),
}


@pytest.mark.parametrize("name", {**TRIALS, **NO_TRIALS})
def test_images_that_nobody_wants_to_know_of_are_no_mistake_for_certain(name: str) -> None:
    (one,) = told(RULE, {**TRIALS, **NO_TRIALS}[name])
    assert one.certainty is (Certainty.PERHAPS if name in TRIALS else Certainty.CERTAIN)


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
