"""TL401 `raw-bytes`: which values on which way to the weights are bytes that nobody scaled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import BYTES, IMAGES, RAW, SIGNED, TABLE, UNIT, a_layer, an_op, custom, seen, told, values
from typedlayers.facts.evidence import Use
from typedlayers.rules.values.raw_bytes import RULE
from typedlayers.spec import Carrier, Spec

CONV = a_layer("Conv2D")
FLAT = a_layer("Flatten")

WRONG = {
    "uint8 in training": (seen(BYTES, RAW, CONV), "Conv2D"),
    "uint8 in a prediction": (seen(BYTES, RAW, CONV, use=Use.PREDICT), "Conv2D"),
    "floats that hold bytes": (seen(IMAGES, RAW, CONV), "Conv2D"),
    "int64 that holds bytes": (seen(IMAGES.with_(dtype="int64"), RAW, CONV), "Conv2D"),
    "a bright batch": (seen(BYTES, values(90, 255, whole=True), CONV), "Conv2D"),
    "after layers that keep values": (seen(BYTES, RAW, a_layer("MaxPooling2D"), CONV), "Conv2D"),
    "after an op that changes the axes alone": (seen(BYTES, RAW, an_op("ExpandDims", 0), CONV), "Conv2D"),
    "a Dense on flat images": (seen(BYTES, RAW, a_layer("Flatten"), CONV), "Conv2D"),
    "an activation before the normalization": (
        seen(BYTES, RAW, a_layer("Conv2D", activation=max), a_layer("BatchNormalization")),
        "Conv2D",
    ),
}

LOOKS_WRONG = {
    "fractions are no bytes": seen(IMAGES, values(0, 255), CONV),
    "class maps are small integers": seen(BYTES, values(0, 20, whole=True), CONV),
    "other numbers are no bytes": seen(IMAGES, values(0, 4000, whole=True), CONV),
    "floats are judged in training alone": seen(IMAGES, RAW, CONV, use=Use.PREDICT),
    "a table": seen(Spec("uint8", (None, 8), Carrier.ARRAY), RAW, a_layer("Dense")),
    "a window of a table": seen(Spec("uint8", (None, 30, 8), Carrier.ARRAY), RAW, a_layer("Conv1D")),
    "scaled by a layer": seen(BYTES, RAW, a_layer("Rescaling", scale=1 / 255, offset=0), CONV),
    "normalized by a layer": seen(BYTES, RAW, a_layer("Normalization"), CONV),
    "another op": seen(BYTES, RAW, an_op("Sqrt", 0), CONV),
    "scaled by a layer of the user's": seen(BYTES, RAW, custom(), CONV),
    "the scale is undone by the normalization that follows": seen(BYTES, RAW, CONV, a_layer("BatchNormalization")),
    "weights that were trained before": seen(BYTES, RAW, a_layer("Conv2D", fresh=False)),
    "allowed for the layer": seen(BYTES, RAW, a_layer("Conv2D", allowed="TL401")),
    "training saw a unit range: TL406 says it": seen(BYTES, RAW, CONV, use=Use.VALIDATION, trained=UNIT),
    "NaN among them": seen(IMAGES, values(0, 255, whole=True, nan=1), CONV),
    "no way to any weights is known": seen(BYTES, RAW),
}

RIGHT = {
    "a unit range": seen(IMAGES, UNIT, CONV),
    "a signed unit range": seen(IMAGES, SIGNED, CONV),
    "a table of measurements": seen(TABLE, values(-3, 200), a_layer("Dense")),
}


@pytest.mark.parametrize(("subject", "layer"), WRONG.values(), ids=list(WRONG))
def test_bytes_that_reach_weights_are_said(subject: Any, layer: str) -> None:
    (one,) = told(RULE, subject)
    low = f"{subject.facts.low:g}..255"
    label = f'{layer} "{layer.lower()}"'
    assert one.headline == f'raw bytes {low} from the input of Sequential "net" reach the weights of {label}'
    assert "Rescaling(1 / 255)" in str(one.fixes[0])


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []


def test_only_what_is_bytes_by_its_dtype_is_repaired() -> None:
    (of_bytes,), (of_floats,) = (told(RULE, seen(spec, RAW, CONV)) for spec in (BYTES, IMAGES))
    assert [(one.kind, one.scale, one.dtype) for one in of_bytes.repairs] == [("rescale", 1 / 255, "float32")]
    assert of_floats.repairs == ()


@pytest.mark.parametrize("more", [{"use": Use.PREDICT}, {"use": Use.CALL}, {"rewires": False}], ids=str)
def test_a_layer_is_put_in_front_as_training_begins_where_it_can_be(more: Any) -> None:
    (one,) = told(RULE, seen(BYTES, RAW, CONV, **more))
    assert one.repairs == ()
    assert "Rescaling(1 / 255)" in str(one.fixes[0])


def test_where_the_model_declares_a_unit_range_bytes_are_scaled_by_their_dtype() -> None:
    assert told(RULE, seen(BYTES, RAW, CONV, promised=(0, 1))) == []
