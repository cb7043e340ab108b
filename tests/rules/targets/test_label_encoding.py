"""TL602: class ids for one-hot rows, or the reverse."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, codes, known, named, offered, told
from typedlayers.rules.targets.label_encoding import RULE

WRONG = {
    "ids": (
        known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), an_array((8,))),
        named("categorical_crossentropy") + " needs one-hot targets (batch, 3) but gets class ids (batch,)",
    ),
    "one-hot": (
        known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), an_array((8, 3))),
        named("sparse_categorical_crossentropy")
        + " needs class ids of shape (batch,) but gets one-hot targets (batch, 3)",
    ),
}

RIGHT = {
    "ids": known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), an_array((8,))),
    "rows": known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), an_array((8, 3))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


def test_the_loss_that_fits_is_offered_first() -> None:
    assert offered(told(RULE, WRONG["ids"][0]))[0] == 'loss="sparse_categorical_crossentropy"'
    assert offered(told(RULE, WRONG["one-hot"][0]))[0] == 'loss="categorical_crossentropy"'


def test_it_explains_the_activation() -> None:
    assert codes(known(a_head((3,), "linear"), a_loss("categorical_crossentropy"), an_array((8,)))) == ["TL602"]
