"""TL623: a training of no weight."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.rules.training.nothing_to_train import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

IDLE = replace(fitted(HEAD, LOSS), idle=True)
WRONG = {"all frozen": (IDLE, f"{MODEL} is trained, and none of its weights is trainable")}
RIGHT = {"some are trained": fitted(HEAD, LOSS), "an evaluation": replace(IDLE, use=Use.EVALUATE)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, Certainty.PERHAPS)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
