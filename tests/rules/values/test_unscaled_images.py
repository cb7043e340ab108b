"""TL408 `unscaled-images`: pictures in the range of bytes with fractions, or of 16 bits, on fresh weights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import BYTES, IMAGES, RAW, SIGNED, UNIT, a_layer, seen, told, values
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.rules.values.unscaled_images import RULE
from typedlayers.spec import Carrier, Spec

CONV = a_layer("Conv2D")
RESIZED = values(0, 254.75)
GREY = Spec("float32", (None, 28, 28), Carrier.ARRAY)
DEEP = Spec("uint16", (None, 32, 32, 1), Carrier.ARRAY)

WRONG = {
    "resized pictures": (seen(IMAGES, RESIZED, CONV), 255),
    "pictures of one channel up to white": (seen(GREY, values(0, 251.5), a_layer("Flatten"), CONV), 255),
    "16 bits": (seen(DEEP, values(0, 61000, whole=True), CONV), 65535),
}

LOOKS_WRONG = {
    "a spectrogram": seen(GREY, values(0, 96.5), a_layer("Flatten"), CONV),
    "a prediction: the weights may be made for it": seen(IMAGES, RESIZED, CONV, use=Use.PREDICT),
    "weights that were loaded": seen(IMAGES, RESIZED, a_layer("Conv2D", fresh=False)),
    "scaled by a layer": seen(IMAGES, RESIZED, a_layer("Rescaling", scale=1 / 255, offset=0), CONV),
    "normalized by a layer": seen(IMAGES, RESIZED, CONV, a_layer("BatchNormalization")),
    "centred as for VGG": seen(IMAGES, values(-123.68, 151.06), CONV),
    "16 bits that hold small numbers": seen(DEEP, values(0, 40, whole=True), CONV),
    "a window of a table": seen(Spec("float32", (None, 30, 8), Carrier.ARRAY), RESIZED, a_layer("Conv1D")),
    "allowed for the layer": seen(IMAGES, RESIZED, a_layer("Conv2D", allowed="TL408")),
}

RIGHT = {
    "a unit range": seen(IMAGES, UNIT, CONV),
    "a signed unit range": seen(IMAGES, SIGNED, CONV),
    "whole bytes are TL401": seen(BYTES, RAW, CONV),
}


@pytest.mark.parametrize(("subject", "most"), WRONG.values(), ids=list(WRONG))
def test_pictures_that_nobody_scaled_are_perhaps_wrong(subject: Any, most: int) -> None:
    (one,) = told(RULE, subject)
    assert one.certainty is Certainty.PERHAPS
    assert f"Rescaling(1 / {most})" in one.fixes[0].text


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
