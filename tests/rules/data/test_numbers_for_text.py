"""TL514: numbers for an input that takes text."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, dataset, element, headlines, told
from typedlayers.rules.data.numbers_for_text import RULE

WRONG = {
    "whole numbers": (arrays(array((8, 3), "int64")), "int64"),
    "floats of a dataset": (dataset(element((8, 3), "float32")), "float32"),
}

RIGHT = {
    "text": arrays(array((8, 3), "string")),
    "objects": arrays(array((8, 3), "object")),
    "an unknown dtype": arrays(array((8, 3), None)),  # pyright: ignore[reportArgumentType]
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    batch, dtype = WRONG[name]
    headline = f'input "image" of Functional "net" needs text but gets {dtype}'
    assert headlines(RULE, an_input((3,), "string"), batch) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, an_input((3,), "string"), RIGHT[name]) == []
