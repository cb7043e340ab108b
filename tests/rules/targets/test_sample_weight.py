"""TL611: weights unlike the values of the loss."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, known, named, told
from typedlayers.rules.targets.sample_weight import RULE

WRONG = {
    "one for each sample of a sequence": (
        known(a_head((5, 3)), a_loss("mean_squared_error"), an_array((8, 5, 3)), weight=an_array((8, 4))),
        named("mean_squared_error") + " gives values (batch, 5) but the sample weights are (batch, 4)",
    ),
}

RIGHT = {
    "one a sample": known(a_head((3,)), a_loss("mean_squared_error"), an_array((8, 3)), weight=an_array((8,))),
    "one a step": known(a_head((5, 3)), a_loss("mean_squared_error"), an_array((8, 5, 3)), weight=an_array((8, 5))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
