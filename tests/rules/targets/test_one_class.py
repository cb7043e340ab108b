"""TL603: classes in one column."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, known, named, told
from typedlayers.rules.targets.one_class import RULE

WRONG = {
    "a softmax": (
        known(a_head((1,), "softmax"), a_loss("binary_crossentropy")),
        'Dense "head" is a softmax over one value, which is always 1',
    ),
    "a loss over classes": (
        known(a_head((1,), "sigmoid"), a_loss("categorical_crossentropy")),
        named("categorical_crossentropy") + ' compares classes but Dense "head" gives only one column',
    ),
    "a loss of directions": (
        known(a_head((1,)), a_loss("cosine_similarity", axis=-1)),
        named("cosine_similarity") + ' compares directions but Dense "head" gives only one column',
    ),
}

RIGHT = {
    "directions of several columns": known(a_head((4,)), a_loss("cosine_similarity", axis=-1)),
    "directions along the steps": known(a_head((4, 1)), a_loss("cosine_similarity", axis=1)),
    "a sigmoid": known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy")),
    "two columns": known(a_head((2,), "softmax"), a_loss("categorical_crossentropy")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
