"""TL414: encoders of flags and counts before an Embedding."""

from __future__ import annotations

from typing import Any

import pytest

import typedlayers as tl
from typedlayers import layers as L

WORDS = ["red", "green", "blue"]


def table(encoder: Any, rows: int = 4, dtype: str = "string") -> Any:
    x = tl.Input((1,), dtype=dtype)
    return tl.Model(x, L.Dense(1)(L.Flatten()(L.Embedding(rows, 4, name="table")(encoder(x)))))


def beside() -> Any:
    """Flags for one branch, ids for the other."""
    x = tl.Input((1,), dtype="string")
    flags = L.StringLookup(vocabulary=WORDS, output_mode="multi_hot")(x)
    rows = L.Flatten()(L.Embedding(4, 4)(L.StringLookup(vocabulary=WORDS)(x)))
    return tl.Model(x, L.Dense(1)(L.Concatenate()([flags, rows])))


WRONG = {
    "flags of words": lambda: table(L.StringLookup(vocabulary=WORDS, output_mode="multi_hot")),
    "counts of words": lambda: table(L.TextVectorization(vocabulary=WORDS, output_mode="count")),
    "flags of ids": lambda: table(L.CategoryEncoding(num_tokens=4, output_mode="one_hot"), dtype="int32"),
}
RIGHT = {
    "ids": lambda: table(L.StringLookup(vocabulary=WORDS)),
    "ids of a text": lambda: table(L.TextVectorization(vocabulary=WORDS, output_sequence_length=3), 5),
    "two rows on purpose": lambda: table(L.StringLookup(vocabulary=WORDS, output_mode="multi_hot"), 2),
    "both, each in its place": beside,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        WRONG[name]()
    (one,) = (one for one in caught.value.diagnostics if one.code == "TL414")
    assert one.headline.startswith('Embedding "table" looks up what ')


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() is not None
