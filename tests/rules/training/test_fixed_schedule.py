"""TL627: callbacks that set a learning rate."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.rules.training.fixed_schedule import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "a schedule": (
        fitted(HEAD, LOSS, scheduled=("ReduceLROnPlateau",)),
        f"ReduceLROnPlateau cannot set the learning rate of {MODEL}: its optimizer follows a schedule",
    ),
}
RIGHT = {
    "no schedule": fitted(HEAD, LOSS),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


def test_a_plateau_may_never_come() -> None:
    for name, certainty in (("ReduceLROnPlateau", Certainty.PERHAPS), ("LearningRateScheduler", Certainty.CERTAIN)):
        (one,) = told(RULE, fitted(HEAD, LOSS, scheduled=(name,)))
        assert one.certainty is certainty
