"""TL528: parts of a shuffle."""

from __future__ import annotations

import pytest

from tests.rules.training.datasets import ROWS, halved, parts, said

WRONG = {
    "shuffled, then cut": lambda: parts(ROWS.shuffle(16)),
    "with a seed": lambda: parts(ROWS.shuffle(16, seed=1)),
    "cut, then mapped": lambda: parts(ROWS.shuffle(16), lambda one: one.map(halved).prefetch(1)),
}
RIGHT = {
    "in one order for good": lambda: parts(ROWS.shuffle(16, reshuffle_each_iteration=False)),
    "cached before the cut": lambda: parts(ROWS.shuffle(16).cache()),
    "cut, then shuffled": lambda: parts(ROWS, lambda one: one.shuffle(12)),
    "data of their own": lambda: said(ROWS.shuffle(16).batch(4), ROWS.batch(4)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert WRONG[name]() == ["TL528"]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []
