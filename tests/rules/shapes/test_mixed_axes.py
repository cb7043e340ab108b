"""TL221: a Reshape that makes steps of columns, and reads row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.facts.graph import Graph
from typedlayers.rules.shapes.mixed_axes import RULE


def read(
    maps: tuple[int | None, ...], steps: tuple[int, ...], *between: str, by: str = "LSTM read", **facts: Any
) -> Graph:
    """Maps, a Reshape of them, and what reads the steps."""
    net = Net()
    x = net.call("Reshape flat", net.input(*maps), *steps, facts=facts)
    for layer in between:
        x = net.call(layer, x, *steps)
    return net.to(net.call(by, x, 8))


SAID = 'Reshape "flat" makes 12 steps of 12 columns, but reads the numbers row by row'

WRONG = {
    "columns": read((4, 12, 6), (12, 24)),
    "read after a Dense": read((4, 12, 6), (12, 24), "Dense d", "Dropout o"),
    "in both directions": read((4, 12, 6), (12, 24), by="Bidirectional read"),
}

RIGHT = {
    "rows as steps": read((12, 4, 6), (12, 24)),
    "columns that were put first": read((12, 4, 6), (12, 24)),
    "meant so": read((4, 12, 6), (12, 24), allowed=frozenset({"TL221"})),
}

LOOKS_WRONG = {
    "as many rows as columns": read((12, 12, 6), (12, 72)),
    "one row": read((1, 12, 6), (12, 6)),
    "every pixel is a step": read((4, 12, 6), (48, 6)),
    "other steps": read((4, 12, 6), (6, 48)),
    "open sizes": read((None, 12, 6), (12, 24)),
    "no recurrent layer reads them": read((4, 12, 6), (12, 24), by="GlobalAveragePooling1D read"),
    "patches, read by something of the user's": read((4, 12, 6), (12, 24), "Mine m"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    found = told(RULE, WRONG[name])
    assert headlines(found) == [SAID]
    assert offered(found) == ['layers.Permute((2, 1, 3)) before "flat"']
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
