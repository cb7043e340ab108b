"""TL217: the strides of a pooling are larger than its window."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import LAST, Net, headlines, offered, told
from typedlayers.facts.graph import Graph
from typedlayers.rules.shapes.skipped_positions import RULE


def pooled(window: Any, strides: Any, height: int | None = 32, **more: Any) -> Graph:
    net = Net()
    return net.to(
        net.call("MaxPooling2D pool", net.input(height, 32, 3), 11, 11, 3, pool_size=window, strides=strides, **more)
    )


def convolved(kernel: Any, strides: Any, layer: str = "Conv2D conv", **more: Any) -> Graph:
    net = Net()
    given = {"kernel_size": kernel, "strides": strides, **more}
    return net.to(net.call(layer, net.input(32, 32, 3), 11, 11, 8, **LAST, **given))


WRONG = {
    "a pooling": (
        pooled((2, 2), (3, 3)),
        'MaxPooling2D "pool" reads 2 of every 3 positions along height, and skips the others',
        'strides=2 in MaxPooling2D "pool"',
    ),
    "along one axis": (
        pooled((2, 2), (2, 4)),
        'MaxPooling2D "pool" reads 2 of every 4 positions along width, and skips the others',
        'strides=2 in MaxPooling2D "pool"',
    ),
    "an unknown size": (
        pooled((2, 2), (3, 3), height=None),
        'MaxPooling2D "pool" reads 2 of every 3 positions along height, and skips the others',
        'strides=2 in MaxPooling2D "pool"',
    ),
}

RIGHT = {
    "side by side": pooled((2, 2), (2, 2)),
    "overlapping": convolved((3, 3), (2, 2)),
    "the user says that it is meant": pooled((2, 2), (3, 3), facts={"allowed": frozenset({"TL217"})}),
}

LOOKS_WRONG = {
    "every second pixel": pooled((1, 1), (2, 2)),
    "the shortcut of a ResNet": convolved((1, 1), (2, 2)),
    "one row is pooled, every second one": pooled((1, 2), (2, 2)),
    "one window": pooled((2, 2), (32, 32)),
    "a convolution that makes patches": convolved((3, 3), (4, 4)),
    "a dilated kernel": convolved((3, 3), (4, 4), dilation_rate=(2, 2)),
    "a transposed convolution": convolved((2, 2), (3, 3), layer="Conv2DTranspose conv"),
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
