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


def turned(came: tuple[int | None, ...], gives: tuple[int, ...], *then: str, first: str = "", **facts: Any) -> Graph:
    """An input, a Reshape of it, and what follows."""
    net = Net()
    x = net.input(*came)
    if first:
        x = net.call(first, x, *came)
    x = net.call("Reshape turn", x, *gives, facts=facts)
    for layer in then:
        x = net.call(layer, x, *gives)
    return net.to(x)


TURNED = {
    "channels to the end": (turned((3, 16, 16), (16, 16, 3), "Conv2D conv"), "(2, 3, 1)"),
    "channels to the front": (turned((16, 8, 3), (3, 16, 8)), "(3, 1, 2)"),
    "height and width": (turned((16, 8, 3), (8, 16, 3)), "(2, 1, 3)"),
}
NOT_TURNED = {
    "an axis of one": turned((1, 16, 8), (16, 8, 1)),
    "the same sizes": turned((16, 8, 3), (16, 8, 3)),
    "two axes": turned((16, 8), (8, 16)),
    "other sizes": turned((16, 8, 3), (8, 8, 6)),
    "open sizes": turned((None, 8, 3), (3, 8, 4)),
    "what no longer is the input": turned((3, 16, 16), (16, 16, 3), first="Dense mix"),
    "data that were shaped wrongly": turned((16, 16, 3), (3, 16, 16), "Permute turn_back"),
    "meant so": turned((3, 16, 16), (16, 16, 3), allowed=frozenset({"TL221"})),
}


@pytest.mark.parametrize("name", TURNED)
def test_a_reshape_of_an_input_exchanges_axes(name: str) -> None:
    graph, order = TURNED[name]
    found = told(RULE, graph)
    assert headlines(found) == ['Reshape "turn" exchanges the sizes of the axes, but leaves the numbers in their order']
    assert offered(found) == [f'layers.Permute({order}) in place of "turn"']
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", NOT_TURNED)
def test_a_reshape_that_exchanges_no_axes(name: str) -> None:
    assert told(RULE, NOT_TURNED[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    found = told(RULE, WRONG[name])
    assert headlines(found) == [SAID]
    assert offered(found) == ['layers.Permute((2, 1, 3)) before "flat"']
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
