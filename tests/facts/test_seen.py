"""What is seen of the values of targets."""

from __future__ import annotations

import numpy as np
import pytest

from typedlayers.facts.labels import Rows
from typedlayers.facts.values import seen_of


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[1, 0], [0, 1]], Rows.ONE_HOT),
        ([[1, 1], [0, 1]], Rows.MULTI_HOT),
        ([[0.5, 0.5], [0, 1]], Rows.OTHER),
        ([[0, 0], [0, 1]], Rows.OTHER),
        ([[1], [0]], Rows.OTHER),
        ([[0, -2.5], [0.7, 0]], Rows.SINGLE),
        ([[0, 3], [0, 0]], Rows.SINGLE),
        ([[0.5, 3], [0, 0]], Rows.OTHER),
    ],
)
def test_what_rows_hold(rows: list[list[float]], expected: Rows) -> None:
    found = seen_of(np.array(rows))
    assert found is not None
    assert found.rows is expected


def test_two_values_are_two_only_if_all_are() -> None:
    values = np.tile([0.0, 255.0], 5000)
    found = seen_of(values)
    assert found is not None
    assert found.few == (0, 255)
    values[-1] = 128
    found = seen_of(values)
    assert found is not None
    assert found.few == ()


def test_an_ignored_class_is_not_looked_at() -> None:
    found = seen_of(np.array([0, 3, 255]), ignore=255)
    assert found is not None
    assert (found.low, found.high) == (0, 3)
    assert seen_of(np.array([255, 255]), ignore=255) is None


def test_text_and_nothing_have_no_values() -> None:
    assert seen_of(np.array(["cat"])) is None
    assert seen_of(None) is None
    assert seen_of(np.zeros((0, 3))) is None


def test_the_share_outside_of_a_range_is_that_of_the_values() -> None:
    found = seen_of(np.linspace(0.0, 100.0, 1001))
    assert found is not None
    assert 0.5 < found.share_outside(0, 49) < 0.52
    assert found.share_outside(0, 100) == 0
