"""TL215: the data_format of a layer is not that of the images that it gets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import LAST, Net, headlines, offered, told
from typedlayers.facts.graph import Graph, Maker
from typedlayers.rules.shapes.data_format import RULE

FIRST: Any = {"data_format": "channels_first"}
RELU: Any = {"bases": frozenset({"ReLU", "Layer"})}
SCALED: Any = {"bases": frozenset({"Rescaling", "Layer"})}


def pooled(between: str = "ReLU", pool: Any = FIRST, **more: Any) -> Graph:
    """A convolution with the channels last, and a pooling."""
    net = Net()
    x = net.call("Conv2D conv", net.input(32, 32, 3), 30, 30, 8, kernel_size=(3, 3))
    x = net.call(between, x, 30, 30, 8, facts=RELU if between == "ReLU" else {})
    return net.to(net.call("MaxPooling2D pool", x, 30, 15, 4, **pool, **more))


def pictures(*sizes: int | None, kernel: tuple[int, int] = (3, 3), between: str = "Rescaling", **more: Any) -> Graph:
    """A model whose first layer that reads images is a convolution."""
    net = Net()
    x = net.input(*sizes)
    x = net.call(
        between, x, *sizes, facts=SCALED if between == "Rescaling" else {}, maker=more.pop("maker", Maker.KERAS)
    )
    return net.to(net.call("Conv2D conv", x, *sizes[:-1], 8, kernel_size=kernel, **more))


WRONG = {
    "a pooling": (
        pooled(),
        'MaxPooling2D "pool" takes axis 1 of (batch, 30, 30, 8) for the channels, but Conv2D "conv" has them on axis 3',
        'data_format="channels_last" in MaxPooling2D "pool"',
    ),
    "pictures with the channels first": (
        pictures(3, 32, 32),
        'Conv2D "conv" takes axis 3 of (batch, 3, 32, 32) for the channels, but they seem to be axis 1',
        'layers.Permute((2, 3, 1)) before Conv2D "conv"',
    ),
    "gray pictures that are not square": (
        pictures(1, 96, 128),
        'Conv2D "conv" takes axis 3 of (batch, 1, 96, 128) for the channels, but they seem to be axis 1',
        'layers.Permute((2, 3, 1)) before Conv2D "conv"',
    ),
    "pictures with the channels last": (
        pictures(32, 32, 3, **FIRST),
        'Conv2D "conv" takes axis 1 of (batch, 32, 32, 3) for the channels, but they seem to be axis 3',
        'layers.Permute((3, 1, 2)) before Conv2D "conv"',
    ),
}

RIGHT = {
    "one format": pooled(pool=LAST),
    "the channels last": pictures(32, 32, 3),
    "the channels first": pictures(3, 32, 32, **FIRST),
    "the user says that it is meant": pooled(facts={"allowed": frozenset({"TL215"})}),
}

LOOKS_WRONG = {
    "turned between the two": pooled(between="Permute"),
    "a pooling over the channels": pooled(pool_size=(1, 2)),
    "sequences that are one row high": pictures(1, 128, 128, kernel=(1, 5)),
    "three sensors over time": pictures(3, 128, 6),
    "three sensors over time, 32 features": pictures(3, 128, 32),
    "patches of a picture with 200 channels": pictures(3, 3, 200),
    "an unknown size": pictures(3, None, None),
    "after code of the user's": pictures(3, 32, 32, between="Turn", maker=Maker.USER),
    "after another layer": pictures(3, 32, 32, between="Reshape"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline, fix = WRONG[name]
    found = told(RULE, graph)
    assert headlines(found) == [headline]
    assert fix in offered(found)
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
