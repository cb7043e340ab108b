"""TL526: steps of an epoch, and the batches that there are."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import lasting
from typedlayers.rules.training.uneven_epochs import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "more steps than batches": (
        lasting(last=3, steps=8, batches=4),
        f"x for {MODEL}: 4 batches, and each epoch ends after them, before its 8 steps",
    ),
    "a rest": (
        lasting(last=3, steps=3, batches=4),
        f"x for {MODEL}: 4 batches, and after 1 of 3 steps an epoch of 1 follows",
    ),
}
RIGHT = {
    "steps that divide": lasting(last=4, steps=2, batches=4),
    "one short epoch": lasting(last=1, steps=3, batches=4),
    "short epochs that fit": lasting(last=2, steps=3, batches=7),
    "an unknown number": lasting(last=9, steps=3),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
