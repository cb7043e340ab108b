"""TL513: ids with fractions, and ids that an input of floats rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers.facts.inputs import Lookup, LookupKind
from typedlayers.rules.data.rounded_ids import RULE

EMBEDDING = Lookup('Embedding "e"', LookupKind.ROWS, 5000, "input_dim")
LOOKUP = Lookup('IntegerLookup "l"', LookupKind.KEYS)

WRONG = {
    # the layer, the ids, the input's dtype, the headline
    "fractions": (EMBEDDING, [0, 0.5], "float32", 'Embedding "e" needs whole ids but gets 0.5'),
    "rounded by float16": (
        EMBEDDING,
        [0, 2049],
        "float16",
        'input "image" of Functional "net" is float16 and rounds the id 2049 to 2048',
    ),
    "rounded keys": (
        LOOKUP,
        [0, 16777217],
        "float32",
        'input "image" of Functional "net" is float32 and rounds the id 16777217 to 16777216',
    ),
}

RIGHT = {
    "whole ids": (EMBEDDING, [0, 2048], "float16"),
    "whole ids as floats": (EMBEDDING, [0.0, 9.0], "float32"),
    "large keys of an integer input": (LOOKUP, [0, 16777217], "int32"),
}

LOOKS_WRONG = {
    "keys may have fractions": (LOOKUP, [0, 0.5], "float32"),
    "a large key that float32 holds": (LOOKUP, [-5, 16777218], "float32"),
}


def facts(lookup: Lookup, ids: list[Any], dtype: str) -> tuple[Any, Any]:
    values = np.array([ids])
    return an_input((len(ids),), dtype, lookup=lookup), arrays(array(values.shape, values.dtype.name), values=values)


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    *given, headline = WRONG[name]
    assert headlines(RULE, *facts(*given)) == [headline]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    assert told(RULE, *facts(*{**RIGHT, **LOOKS_WRONG}[name])) == []


def test_an_input_of_whole_numbers_holds_every_id() -> None:
    lookup, ids, dtype, _ = WRONG["rounded by float16"]
    (one,) = told(RULE, *facts(lookup, ids, dtype))
    assert [str(edit) for edit in one.fixes[0].edits] == ['dtype="int64" in Input "image"']
    assert told(RULE, *facts(lookup, ids, "int64")) == []
