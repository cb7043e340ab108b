"""TL626: the first epoch and the last."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import lasting
from typedlayers.rules.training.no_epochs import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "no epoch": (
        lasting(first=5, last=3),
        f"fit of {MODEL} begins with epoch 5 and ends before epoch 3: nothing is trained",
    ),
}
RIGHT = {
    "an epoch more": lasting(first=5, last=6),
    "no epochs, as was asked": lasting(first=0, last=0),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
