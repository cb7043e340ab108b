"""TL302: strings and objects for inputs that take numbers."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers.facts.inputs import Lookup, LookupKind
from typedlayers.rules.data.not_numeric import RULE

WRONG = {
    # the input's dtype, the array's
    "text": ("float32", "string"),
    "objects": ("float32", "object"),
    "text for whole numbers": ("int32", "string"),
}

RIGHT = {
    "numbers": ("float32", "float32"),
    "whole numbers": ("float32", "int64"),
    "booleans": ("float32", "bool"),
    "floats for whole numbers": ("int32", "float32"),
    "text for text": ("string", "string"),
    "objects for text": ("string", "object"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    needed, got = WRONG[name]
    headline = f'input "image" of Functional "net" needs numbers but gets {got}'
    assert headlines(RULE, an_input((3,), needed), arrays(array((8, 3), got))) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    needed, got = RIGHT[name]
    assert told(RULE, an_input((3,), needed), arrays(array((8, 3), got))) == []


def test_the_columns_without_numbers_are_named() -> None:
    columns = (("age", "int64"), ("city", "object"))
    frame = arrays(array((8, 3), "object"), what="the data frame", columns=columns)
    (one,) = told(RULE, an_input((3,)), frame)
    assert one.why == "the column 'city' holds no numbers"
    frame = arrays(array((8, 3), "object"), what="the data frame", columns=(*columns, ("name", "string")))
    (one,) = told(RULE, an_input((3,)), frame)
    assert one.why == "the columns 'city', 'name' hold no numbers"


def test_objects_may_be_numbers() -> None:
    (one,) = told(RULE, an_input((3,)), arrays(array((8, 3), "object")))
    assert one.fixes[0].text.startswith('x.astype("float32")')
    (one,) = told(RULE, an_input((3,)), arrays(array((8, 3), "string")))
    assert "StringLookup()" in one.fixes[0].text


def test_text_for_an_embedding_is_a_text() -> None:
    lookup = Lookup('Embedding "words"', LookupKind.ROWS, 20, "input_dim")
    (one,) = told(RULE, an_input((6,), "int64", lookup=lookup), arrays(array((8,), "string")))
    assert "layers.TextVectorization(...) before " in one.fixes[0].text
    columns = arrays(array((8, 6), "string"), columns=(("city", "string"),))
    (one,) = told(RULE, an_input((6,), "int64", lookup=lookup), columns)
    assert "StringLookup()" in one.fixes[0].text
