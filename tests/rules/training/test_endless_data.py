"""TL523: data without an end."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.rules.training.endless_data import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "data": (
        fitted(HEAD, LOSS, endless=("x",)),
        f"the dataset for {MODEL} has no end, and steps_per_epoch is not given",
        Certainty.CERTAIN,
    ),
    "validation data": (
        fitted(HEAD, LOSS, endless=("validation_data",)),
        f"the validation dataset for {MODEL} has no end, and validation_steps is not given",
        Certainty.CERTAIN,
    ),
    "a callback that may stop": (
        fitted(HEAD, LOSS, endless=("x",), stops=True),
        f"the dataset for {MODEL} has no end, and steps_per_epoch is not given",
        Certainty.PERHAPS,
    ),
}
RIGHT = {"data that end": fitted(HEAD, LOSS), "a callback alone": fitted(HEAD, LOSS, stops=True)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline, certainty = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, certainty)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
