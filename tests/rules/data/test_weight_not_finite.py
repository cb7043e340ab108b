"""TL519 `weight-not-finite`: NaN and infinity among the sample weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import array, arrays, told
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.facts.values import Values
from typedlayers.rules.data.weight_not_finite import RULE

X, Y, W = array((4, 3)), array((4, 1)), array((4,))


def weighted(*values: float) -> Batch:
    """Arrays with these sample weights."""
    return arrays(X, Y, W, weights=Values(np.array(values)))


def by_output(**values: Any) -> Batch:
    """Arrays with sample weights for each output."""
    held = {name: Values(np.array(given)) for name, given in values.items()}
    return arrays(X, dict.fromkeys(values, Y), dict.fromkeys(values, W), weights=held)


WRONG = {
    "NaN": (weighted(1, np.nan, 1, 1), "1 of 4", "NaN"),
    "infinity": (weighted(1, np.inf, 1, np.inf), "2 of 4", "infinite"),
    "of one output": (by_output(a=[1, 1, 1, 1], b=[1, np.nan, 1, 1]), "1 of 4", "NaN"),
}

RIGHT = {
    "weights": weighted(1, 0, 2, 0.5),
    "no weights": arrays(X, Y),
    "weights that cannot be looked at": arrays(X, Y, W),
    "negative ones may be advantages": weighted(1, -1, 2, 0.5),
}


@pytest.mark.parametrize(("batch", "count", "what"), WRONG.values(), ids=list(WRONG))
@pytest.mark.parametrize("use", [Use.FIT, Use.EVALUATE, Use.VALIDATION, Use.TRAIN_ON_BATCH])
def test_wrong(batch: Batch, count: str, what: str, use: Use) -> None:
    (one,) = told(RULE, None, batch, use)
    assert one.headline == f'{count} sample weights for Functional "net" are {what}'


@pytest.mark.parametrize("batch", RIGHT.values(), ids=list(RIGHT))
def test_right(batch: Batch) -> None:
    assert told(RULE, None, batch) == []


def test_a_loss_of_the_users_may_take_them_as_it_likes() -> None:
    assert told(RULE, None, weighted(1, np.nan, 1, 1), compiled=False) == []
