"""TL724: directions of time in a merge."""

from __future__ import annotations

from typing import Any

import keras
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L


def merged(*, turned: bool = False, sequences: bool = True, merge: Any = L.Concatenate, then: Any = None) -> Any:
    x = tl.Input((5, 3))
    one = L.LSTM(4, return_sequences=sequences)(x)
    two = L.LSTM(4, return_sequences=sequences, go_backwards=True, name="back")(x)
    two = keras.ops.flip(two, axis=1) if turned else two
    both = merge(name="merge")([one, two])
    return tl.Model(x, (then or L.Dense(1))(both))


def both_backwards() -> Any:
    x = tl.Input((5, 3))
    one, two = (L.GRU(4, return_sequences=True, go_backwards=True)(x) for _ in range(2))
    return tl.Model(x, L.Dense(1)(L.Add()([one, two])))


def said(make: Any) -> list[str]:
    with warned("TL724") as found:
        make()
    return [one.headline for one in found]


TOLD = '{} "merge" merges steps of LSTM "back", which runs backwards, with others'
WRONG = {
    "joined": (merged, TOLD.format("Concatenate")),
    "added": (lambda: merged(merge=L.Add), TOLD.format("Add")),
}
RIGHT = {
    "turned again": lambda: merged(turned=True),
    "last states": lambda: merged(sequences=False),
    "pooled": lambda: merged(then=L.GlobalAveragePooling1D()),
    "both backwards": both_backwards,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    make, headline = WRONG[name]
    assert said(make) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert said(RIGHT[name]) == []
