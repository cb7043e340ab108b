"""TL621: a class among the callbacks."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.rules.training.callback_class import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "a class": (
        fitted(HEAD, LOSS, classes=("TerminateOnNaN",)),
        f"{MODEL} gets the class TerminateOnNaN as a callback",
        Certainty.CERTAIN,
    )
}
RIGHT = {"objects": fitted(HEAD, LOSS)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline, certainty = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, certainty)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
