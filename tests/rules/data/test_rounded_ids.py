"""TL513: ids with fractions, and ids that an input of floats rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers import layers
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


def net(between: list[Any], dtype: str = "float32") -> Any:
    embedding = layers.Embedding(5000, 2, dtype="mixed_bfloat16", name="e")
    return tl.Sequential([tl.Input((3,), dtype=dtype, name="ids"), *between, embedding])


FEW, MANY = np.array([[0.0, 7.0, 256.0]]), np.array([[0.0, 4001.0, 4002.0]])
THROUGH_WRONG = {
    "a Reshape of bfloat16": ([layers.Reshape((3,), dtype="mixed_bfloat16", name="r")], 'Reshape "r"', "bfloat16"),
    "a Flatten before a Reshape of float16": (
        [
            layers.Flatten(dtype="float32"),
            layers.Reshape((3,), dtype="mixed_float16", name="r"),
        ],
        'Reshape "r"',
        "float16",
    ),
}


@pytest.mark.parametrize("name", THROUGH_WRONG)
def test_layers_before_the_table_round(name: str) -> None:
    between, label, dtype = THROUGH_WRONG[name]
    (one,) = tl.check(net(between), MANY).errors
    assert one.headline.startswith(f"{label} computes in {dtype} and rounds the id 400")
    assert [str(edit) for edit in one.fixes[0].edits] == ['dtype="int32" in Input "ids"']


THROUGH_RIGHT = {
    "the table itself does not cast": (net([]), MANY),
    "ids of whole numbers are not cast": (net([layers.Reshape((3,), dtype="mixed_bfloat16")], "int32"), MANY),
    "ids that bfloat16 holds": (net([layers.Reshape((3,), dtype="mixed_bfloat16")]), FEW),
    "a layer that does not cast": (net([layers.Reshape((3,), dtype="mixed_bfloat16", autocast=False)]), MANY),
}


@pytest.mark.parametrize("name", THROUGH_RIGHT)
def test_ids_that_reach_the_table_as_they_are(name: str) -> None:
    assert tl.check(*THROUGH_RIGHT[name]).errors == ()
