"""TL628: which way a value is better."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import watched
from typedlayers.rules.training.wrong_direction import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "less accuracy": (
        watched("val_accuracy", "min"),
        f'EarlyStopping of {MODEL} is told mode="min" for "val_accuracy", of which more is better',
    ),
    "more loss": (
        watched("val_loss", "max"),
        f'EarlyStopping of {MODEL} is told mode="max" for "val_loss", of which less is better',
    ),
}
RIGHT = {
    "more accuracy": watched("val_accuracy", "max"),
    "by itself": watched("val_accuracy", "auto"),
    "a value of the user's": watched("val_gain", "max"),
    "a checkpoint of each epoch": watched("loss", "max", kind="ModelCheckpoint", acts=False),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
