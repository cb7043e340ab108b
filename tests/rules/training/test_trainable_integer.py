"""TL617: integers that are to be trained."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import told
from tests.rules.training.facts import a_layer
from typedlayers.facts.layers import IntegerWeight
from typedlayers.rules.training.trainable_integer import RULE

WRONG = {
    "integers": (
        a_layer(integers=(IntegerWeight("table", "int32"),)),
        'Dense "head" has the trainable weight "table" of int32, which is never trained',
    ),
}

RIGHT = {"none": a_layer()}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
