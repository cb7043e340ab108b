"""TL527: what a cache keeps of random numbers."""

from __future__ import annotations

import pytest

from tests.rules.training.datasets import ROWS, by_key, flipped, halved, said, turned

WRONG = {
    "a layer, cached": lambda: said(ROWS.map(turned).cache().batch(4)),
    "an op, cached after the batch": lambda: said(ROWS.batch(4).map(flipped).cache().prefetch(1)),
}
RIGHT = {
    "cached before": lambda: said(ROWS.cache().map(turned).batch(4)),
    "one epoch": lambda: said(ROWS.map(turned).cache().batch(4), epochs=1),
    "a fixed key": lambda: said(ROWS.map(by_key).cache().batch(4)),
    "nothing drawn": lambda: said(ROWS.map(halved).cache().batch(4)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert WRONG[name]() == ["TL527"]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []
