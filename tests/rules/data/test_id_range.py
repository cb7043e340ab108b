"""TL512: ids that the layer that looks them up does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers.facts.inputs import Lookup, LookupKind
from typedlayers.rules.data.id_range import RULE

EMBEDDING = Lookup('Embedding "e"', LookupKind.ROWS, 10, "input_dim")
ENCODING = Lookup('CategoryEncoding "c"', LookupKind.CODES, 4, "num_tokens")
ONE_HOT = Lookup('op OneHot "o"', LookupKind.CODES, 4, "num_classes", is_op=True)
LOOKUP = Lookup('IntegerLookup "l"', LookupKind.KEYS)

WRONG = {
    # the layer, the ids, the headline
    "ids from 1": (EMBEDDING, [1, 10], 'Embedding "e" knows 10 ids, 0 to 9, but gets 10'),
    "far beyond": (EMBEDDING, [0, 99], 'Embedding "e" knows 10 ids, 0 to 9, but gets 99'),
    "padded with -1": (EMBEDDING, [-1, 9], 'Embedding "e" needs ids from 0 but gets the negative -1'),
    "codes from 1": (ENCODING, [1, 4], 'CategoryEncoding "c" knows 4 ids, 0 to 3, but gets 4'),
    "NaN among them": (EMBEDDING, [1.0, np.nan, 12.0], 'Embedding "e" needs ids from 0 but 1 of its ids are NaN'),
    "nothing but NaN": (EMBEDDING, [np.nan, np.nan], 'Embedding "e" needs ids from 0 but 2 of its ids are NaN'),
    "NaN that was cast to int32": (
        EMBEDDING,
        [1, -(2**31)],
        'Embedding "e" needs ids from 0 but gets the id -2147483648',
    ),
    "NaN cast to int64": (
        EMBEDDING,
        [1, -(2**63)],
        'Embedding "e" needs ids from 0 but gets the id -9223372036854775808',
    ),
    "of one_hot": (
        ONE_HOT,
        [1, 4],
        'op OneHot "o" knows 4 ids, 0 to 3, but gets 4 from input "image" of Functional "net"',
    ),
    "as floats": (EMBEDDING, [0.0, 10.0], 'Embedding "e" knows 10 ids, 0 to 9, but gets 10'),
}

RIGHT = {
    "all rows": (EMBEDDING, [0, 9]),
    "all codes": (ENCODING, [0, 3]),
}

LOOKS_WRONG = {
    "-1 is left out, which multi-hot rows use on purpose": (ENCODING, [-1, 3]),
    "a code that is missing has a row of zeros": (ENCODING, [1.0, np.nan]),
    "any key": (LOOKUP, [-5, 16777216]),
    "with fractions they are not ids": (EMBEDDING, [0.5, 20.5]),
}


def facts(lookup: Lookup | None, ids: list[Any]) -> tuple[Any, Any]:
    values = np.array([ids])
    return an_input((len(ids),), "int32", lookup=lookup), arrays(array(values.shape, values.dtype.name), values=values)


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    lookup, ids, headline = WRONG[name]
    assert headlines(RULE, *facts(lookup, ids)) == [headline]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    lookup, ids = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, *facts(lookup, ids)) == []


def test_rows_of_zeros_may_be_meant_of_an_op() -> None:
    (one,) = told(RULE, *facts(ONE_HOT, [1, 4]))
    assert not one.is_error


def test_ids_from_1_are_shifted_or_the_table_grows() -> None:
    (one,) = told(RULE, *facts(EMBEDDING, [1, 10]))
    assert [fix.text for fix in one.fixes] == [
        "input_dim=11: the largest id + 1",
        "x - 1, if the ids count from 1 and none stands for padding",
    ]
    (one,) = told(RULE, *facts(EMBEDDING, [-1, 9]))
    assert one.fixes[0].text == "pad with 0 and shift the ids by one: x + 1, with Embedding(11, ..., mask_zero=True)"
    assert [str(edit) for edit in one.fixes[0].edits] == [
        "x = x + 1",
        'input_dim=11 in Embedding "e"',
        'mask_zero=True in Embedding "e"',
    ]


def test_values_are_looked_at_only_for_a_layer_that_looks_them_up() -> None:
    class Unread:
        def __array__(self, *_: object) -> Any:
            raise AssertionError("the values were looked at")

    batch = arrays(array((8, 1), "int64"), values=Unread())
    assert told(RULE, an_input((1,), "int32"), batch) == []
    with pytest.raises(AssertionError, match="looked at"):
        told(RULE, an_input((1,), "int32", lookup=EMBEDDING), batch)


def test_ids_without_values_are_not_judged() -> None:
    batch = arrays(array((8, 1), "int64"), values=None)
    assert told(RULE, an_input((1,), "int32", lookup=EMBEDDING), batch) == []
