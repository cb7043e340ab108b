"""TL612: probabilities in float16."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, known, told
from typedlayers.rules.targets.half_precision_head import RULE

WRONG = {
    "softmax": (
        known(a_head((3,), "softmax", dtype="float16"), a_loss("categorical_crossentropy")),
        'Dense "head" computes probabilities in float16 for the loss "categorical_crossentropy"',
    ),
}

RIGHT = {
    "float32": known(a_head((3,), "softmax"), a_loss("categorical_crossentropy")),
    "logits": known(a_head((3,), dtype="float16"), a_loss("categorical_crossentropy", from_logits=True)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
