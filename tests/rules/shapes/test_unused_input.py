"""TL230: inputs that reach no output."""

from __future__ import annotations

from typing import Any

import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L


def siamese(*, both: bool) -> Any:
    left, right = tl.Input((4,), name="left"), tl.Input((4,), name="right")
    tower = L.Dense(8)
    joined = L.Concatenate()([tower(left), tower(right if both else left)])
    return tl.Model([left, right], L.Dense(1)(joined), name="net")


def handed_on() -> Any:
    """An input that is an output as well."""
    x, ids = tl.Input((4,)), tl.Input((1,), name="ids")
    return tl.Model([x, ids], [L.Dense(1)(x), ids])


def inside() -> Any:
    """A model inside that uses one of two."""
    inner = siamese(both=True)
    x = tl.Input((4,))
    return tl.Model(x, inner([x, x]))


def said(make: Any) -> list[str]:
    with warned("TL230") as found:
        make()
    return [one.headline for one in found]


WRONG = {
    "left twice": (
        lambda: siamese(both=False),
        ['input "right" of Functional "net" reaches none of its outputs: what it is given is not used'],
    ),
}
RIGHT = {
    "left and right": (lambda: siamese(both=True), []),
    "an output as well": (handed_on, []),
    "a model inside": (inside, []),
    "one input": (lambda: tl.Sequential([tl.Input((4,)), L.Dense(1)]), []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    make, headlines = {**WRONG, **RIGHT}[name]
    assert said(make) == headlines
