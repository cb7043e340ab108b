"""TL303: complex numbers for inputs that take real ones."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers.rules.data.complex_input import RULE

WRONG = {
    "for floats": ("float32", "complex64"),
    "for whole numbers": ("int32", "complex128"),
}

RIGHT = {
    "real numbers": ("float32", "float32"),
    "real numbers for complex ones": ("complex64", "float32"),
}

LOOKS_WRONG = {
    "a complex input, whose first layer splits it": ("complex64", "complex64"),
    "a complex input of lower precision": ("complex64", "complex128"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    needed, got = WRONG[name]
    headline = f'input "image" of Functional "net" needs real numbers but gets {got}'
    assert headlines(RULE, an_input((3,), needed), arrays(array((8, 3), got))) == [headline]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    needed, got = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, an_input((3,), needed), arrays(array((8, 3), got))) == []
