"""TL411: images of whole numbers that are all 0."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.values.facts import BYTES, IMAGES, RAW, TABLE, a_layer, chained, custom, seen, told, values
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.facts.graph import Edge
from typedlayers.facts.ranges import ValueFacts
from typedlayers.rules.values.all_zero import RULE
from typedlayers.spec import Carrier, Spec

CONV = a_layer("Conv2D")
ZERO = ValueFacts(0, 0, count=8 * 192)

WRONG = {
    "bytes": seen(BYTES, ZERO, CONV),
    "whole numbers": seen(BYTES.with_(dtype="int64"), ZERO, CONV),
    "no way to weights is known": seen(BYTES, ZERO),
}

STEPS = Spec("int32", (None, 8, 24), Carrier.ARRAY)
STEPWISE = a_layer("Conv1D")
FLAGS = seen(STEPS, ZERO, STEPWISE)
TWO = chained(STEPS, (STEPWISE,))

ONE = STEPS.with_(shape=(None, 192, 1))

LOOKS_WRONG = {
    "sequences beside another input": seen(
        STEPS, ZERO, STEPWISE, graph=replace(TWO, inputs=(*TWO.inputs, Edge(9, TABLE)))
    ),
    "sequences of one id": seen(ONE, ZERO, a_layer("Embedding", input_dim=9, output_dim=2, mask_zero=False)),
    "sequences of one number, and something of the user's": seen(ONE, ZERO, custom()),
    "ids that try a program out": seen(STEPS.with_(shape=(None, 192)), ZERO, STEPWISE),
    "floats try a program out": seen(IMAGES, ZERO, CONV),
    "a prediction warms up": seen(BYTES, ZERO, CONV, use=Use.PREDICT),
    "one black picture": seen(BYTES, values(0, 0, whole=True), CONV),
    "almost black": seen(BYTES, ValueFacts(0, 1, count=8 * 192), CONV),
    "a table of flags": seen(TABLE.with_(dtype="uint8"), ZERO, CONV),
}

SEQUENCES = {
    "sequences": FLAGS,
    "sequences of one number": seen(ONE, ZERO, STEPWISE),
    "sequences of one number, masked": seen(ONE, ZERO, a_layer("Masking", mask_value=0.0), STEPWISE),
}

RIGHT = {"pictures": seen(BYTES, RAW, CONV)}


@pytest.mark.parametrize("subject", WRONG.values(), ids=list(WRONG))
def test_wrong(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.headline == 'the input of Sequential "net" gets images that are all 0'
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", SEQUENCES)
def test_sequences_are_told_of_padding(name: str) -> None:
    (one,) = told(RULE, SEQUENCES[name])
    assert one.headline == 'the input of Sequential "net" gets sequences that are all 0'
    assert "pad_sequences" in one.fixes[0].text


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_right(subject: Any) -> None:
    assert told(RULE, subject) == []
