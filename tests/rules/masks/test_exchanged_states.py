"""TL723: the order of an LSTM's states."""

from __future__ import annotations

from typing import Any

import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L


def handed_on(*, turned: bool, kind: Any = L.LSTM) -> Any:
    x, y = tl.Input((5, 3)), tl.Input((5, 3))
    _, hidden, cell = kind(4, return_state=True, name="first")(x)
    states = [cell, hidden] if turned else [hidden, cell]
    return tl.Model([x, y], L.Dense(1)(L.LSTM(4, name="second")(y, initial_state=states)))


def given_twice() -> Any:
    x, y = tl.Input((5, 3)), tl.Input((5, 3))
    _, hidden, _ = L.LSTM(4, return_state=True)(x)
    return tl.Model([x, y], L.Dense(1)(L.LSTM(4)(y, initial_state=[hidden, hidden])))


def through_layers() -> Any:
    """Each state goes through a layer of its own, in whatever order."""
    x, y = tl.Input((5, 3)), tl.Input((5, 3))
    _, hidden, cell = L.LSTM(6, return_state=True)(x)
    return tl.Model([x, y], L.Dense(1)(L.LSTM(4)(y, initial_state=[L.Dense(4)(cell), L.Dense(4)(hidden)])))


def said(make: Any) -> list[str]:
    with warned("TL723") as found:
        make()
    return [one.headline for one in found]


WRONG = {
    "turned": (
        lambda: handed_on(turned=True),
        'LSTM "second" gets the cell state of LSTM "first" as its hidden state, and the reverse',
    )
}
RIGHT = {
    "in order": lambda: handed_on(turned=False),
    "one of them twice": given_twice,
    "through layers": through_layers,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    make, headline = WRONG[name]
    assert said(make) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert said(RIGHT[name]) == []
