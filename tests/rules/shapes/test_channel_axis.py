"""TL210: a layer takes another axis for the channels than the one that they are on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.facts.graph import Edge, Graph
from typedlayers.rules.shapes.channel_axis import RULE

FIRST: Any = {"data_format": "channels_first"}
BATCH_NORM: Any = {"bases": frozenset({"BatchNormalization", "Layer"})}
IN_PLACE: Any = {"bases": frozenset({"ReLU", "Layer"})}


def normalized(axis: Any, *, first: bool = False, **facts: Any) -> Graph:
    """A convolution, an activation and a normalization."""
    net = Net()
    shape, form = ((8, 30, 30), FIRST) if first else ((30, 30, 8), {})
    x = net.call("Conv2D conv", net.input(32, 32, 3), *shape, **form)
    x = net.call("ReLU", x, *shape, facts=IN_PLACE)
    return net.to(net.call("BatchNormalization norm", x, *shape, axis=axis, facts={**BATCH_NORM, **facts}))


def joined(axis: int, *, first: bool = True, other: bool | None = None, known: bool = True) -> Graph:
    """Two branches, each of a convolution, side by side."""
    net = Net()
    image = net.input(3, 32, 32)
    branches: list[Edge] = []
    for name, one in (("left", first), ("right", first if other is None else other)):
        form = FIRST if one else {}
        branches.append(net.call(f"Conv2D {name}", image, 8, 8, 8, **form))
    if not known:
        branches[1] = net.call("Permute", branches[1], 8, 8, 8)
    return net.to(net.call("Concatenate join", branches, 8, 8, 16, axis=axis))


WRONG = {
    "the rows": (
        normalized(1),
        'BatchNormalization "norm" normalizes along axis 1 of (batch, 30, 30, 8), but the channels are axis 3',
        'axis=-1 for "norm"',
    ),
    "channels first, and Keras's default": (
        normalized(-1, first=True),
        'BatchNormalization "norm" normalizes along axis 3 of (batch, 8, 30, 30), but the channels are axis 1',
        'axis=1 for "norm"',
    ),
    "joined along the columns": (
        joined(-1),
        'Concatenate "join" joins along axis 3 of (batch, 8, 8, 8), but the channels are axis 1',
        'axis=1 for "join"',
    ),
}

RIGHT = {
    "channels last": normalized(-1),
    "channels last, counted from the front": normalized(3),
    "channels first": normalized(1, first=True),
    "joined along the channels": joined(1),
    "the user says that it is meant": normalized(1, allowed=frozenset({"TL210"})),
}


def of_vectors() -> Graph:
    net = Net()
    x = net.call("Dense", net.input(16), 8)
    return net.to(net.call("BatchNormalization norm", x, 8, axis=1, facts=BATCH_NORM))


def nobody_tells() -> Graph:
    net = Net()
    x = net.call("Reshape", net.input(64), 4, 4, 4)
    return net.to(net.call("BatchNormalization norm", x, 4, 4, 4, axis=1, facts=BATCH_NORM))


LOOKS_WRONG = {
    "images one above the other": joined(1, first=False),
    "images side by side": joined(2, first=False),
    "two formats meet": joined(-1, first=True, other=False),
    "one branch was turned": joined(-1, known=False),
    "several axes": normalized([1, 2, 3]),
    "vectors": of_vectors(),
    "no layer says where the channels are": nobody_tells(),
    "neither of the two places of channels": normalized(2),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline, fix = WRONG[name]
    found = told(RULE, graph)
    assert headlines(found) == [headline]
    assert offered(found) == [fix]
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
