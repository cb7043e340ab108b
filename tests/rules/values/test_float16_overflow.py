"""TL403 `float16-overflow`: values that a float16 layer cannot hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.values.facts import TABLE, UNIT, a_layer, custom, seen, told, values
from typedlayers.rules.values.float16_overflow import HALF_MOST, RULE

HALF = a_layer("Dense", compute="float16")
LARGE = values(-10, 70000)

WRONG = {
    "in the first layer": (seen(TABLE, LARGE, HALF), "70000"),
    "by its least value": (seen(TABLE, values(-1e6, 3), HALF), "1e+06"),
    "after a layer that keeps values": (seen(TABLE, LARGE, a_layer("Flatten"), HALF), "70000"),
    "after a layer that makes them larger": (
        seen(TABLE, values(0, 1000), a_layer("Rescaling", scale=100, offset=0), HALF),
        "100000",
    ),
}

LOOKS_WRONG = {
    "the greatest float16 itself": seen(TABLE, values(0, HALF_MOST), HALF),
    "bfloat16 reaches as far as float32": seen(TABLE, LARGE, a_layer("Dense", compute="bfloat16")),
    "a layer before it makes them smaller": seen(
        TABLE, LARGE, a_layer("Rescaling", scale=0.001, offset=0, compute="float32"), HALF
    ),
    "a layer of the user's is between": seen(TABLE, LARGE, custom(), HALF),
}

RIGHT = {
    "small values": seen(TABLE, UNIT, HALF),
    "float32": seen(TABLE, LARGE, a_layer("Dense")),
}


@pytest.mark.parametrize(("subject", "most"), WRONG.values(), ids=list(WRONG))
def test_values_that_overflow_are_said(subject: Any, most: str) -> None:
    (one,) = told(RULE, subject)
    assert one.headline == (
        f'values up to {most} of the input of Sequential "net" become infinite in Dense "dense", which is float16'
    )
    assert 'dtype="float32"' in str(one.fixes[0])


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []
