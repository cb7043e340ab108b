"""TL618: squared gradients in float16."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, told
from tests.rules.training.facts import fitted
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.fitting import HalfTraining
from typedlayers.rules.training.half_precision_squares import RULE


def trained(half: HalfTraining | None) -> Evidence:
    return fitted(a_head((1,)), a_loss("mean_squared_error"), an_array((8, 1)), half=half)


WRONG = {
    "Adam": (
        trained(HalfTraining('Dense "head"', "Adam", 1e-7)),
        'Adam averages squared gradients of Dense "head" in float16, with epsilon=1e-07',
    ),
}

RIGHT = {
    "an epsilon for float16": trained(HalfTraining('Dense "head"', "Adam", 1e-3)),
    "float32": trained(None),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
