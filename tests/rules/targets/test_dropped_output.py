"""TL622: a Dropout before the loss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.targets.facts import a_head, a_loss, known, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.diagnostics.subject import Subject
from typedlayers.rules.targets.dropped_output import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

DROP = replace(HEAD, subject=Subject.of("Dropout", "drop", HEAD.subject.where))
WRONG = {
    "a dropout": (
        known(DROP, LOSS),
        'Dropout "drop" drops parts of the output before the loss "mean_squared_error" of output "head" sees it',
    )
}
RIGHT = {"a dense layer": known(HEAD, LOSS), "no loss": known(DROP, None)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, Certainty.PERHAPS)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
