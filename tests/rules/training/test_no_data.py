"""TL524: data that hold nothing."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.data import Source
from typedlayers.rules.training.no_data import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "no rows": (fitted(HEAD, LOSS, empty=("x",)), f"the data for {MODEL} hold nothing"),
    "no batch": (fitted(HEAD, LOSS, empty=("x",), source=Source.DATASET), f"the data for {MODEL} hold nothing"),
    "nothing to validate on": (
        fitted(HEAD, LOSS, empty=("validation_data",)),
        f"the validation data for {MODEL} hold nothing",
    ),
}
RIGHT = {"data": fitted(HEAD, LOSS)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, Certainty.PERHAPS)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
