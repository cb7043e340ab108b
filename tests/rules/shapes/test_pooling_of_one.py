"""TL216: a pooling gets a single position."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.facts.graph import Graph
from typedlayers.rules.shapes.pooling_of_one import RULE

FIRST: Any = {"data_format": "channels_first"}


def pooled(*sizes: int | None, layer: str = "MaxPooling2D pool", **more: Any) -> Graph:
    net = Net()
    return net.to(net.call(layer, net.input(*sizes), *sizes, **{"padding": "same", "strides": (2, 2), **more}))


WRONG = {
    "one pixel": pooled(1, 1, 64),
    "one pixel, channels first": pooled(64, 1, 1, **FIRST),
    "one step": pooled(1, 64, layer="AveragePooling1D pool", data_format="channels_last"),
}

RIGHT = {
    "several pixels": pooled(2, 2, 64),
    "the user says that it is meant": pooled(1, 1, 64, facts={"allowed": frozenset({"TL216"})}),
}

LOOKS_WRONG = {
    "one row of several pixels": pooled(1, 8, 64),
    "an unknown size": pooled(None, None, 64),
    "one channel": pooled(8, 8, 1),
    "a branch of an Inception": pooled(1, 1, 64, strides=(1, 1)),
    "a backbone that Keras made": pooled(1, 1, 64, facts={"users": False}),
    "a global pooling takes the axes away": pooled(1, 1, 64, layer="GlobalAveragePooling2D pool"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    found = told(RULE, WRONG[name])
    (headline,) = headlines(found)
    assert headline.endswith('"pool" changes nothing: there is one position to pool')
    assert offered(found)[0].startswith("leave ")
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
