"""TL610: targets that are not real numbers."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, codes, known, named, told
from typedlayers.rules.targets.target_dtype import RULE

WRONG = {
    "text": (
        known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), an_array((8,), "string")),
        named("sparse_categorical_crossentropy") + " needs numbers for targets but gets strings",
    ),
    "complex": (
        known(a_head((3,)), a_loss("mean_squared_error"), an_array((8, 3), "complex64")),
        named("mean_squared_error") + " needs real targets but gets complex64",
    ),
}

RIGHT = {
    "integers": known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), an_array((8,), "int64")),
    "unknown": known(a_head((3,)), a_loss("mean_squared_error")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


def test_it_explains_the_shape() -> None:
    text = an_array((8,), "string")
    assert codes(known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), text)) == ["TL610"]
