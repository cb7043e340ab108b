"""TL601: targets of another shape."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, known, named, told
from typedlayers.diagnostics.model import Place, Repair
from typedlayers.rules.targets.target_shape import RULE

WRONG = {
    "two columns for three": (
        known(a_head((3,)), a_loss("mean_squared_error"), an_array((8, 2))),
        named("mean_squared_error") + " needs targets of shape (batch, 3) but gets (batch, 2)",
    ),
}

RIGHT = {
    "the same": known(a_head((3,)), a_loss("mean_squared_error"), an_array((8, 3))),
    "a missing axis of 1": known(a_head((1,)), a_loss("mean_squared_error"), an_array((8,))),
    "a loss of one's own": known(a_head((3,)), None, an_array((8, 2))),
    "TL602": known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), an_array((8,))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


def test_places_of_size_one_are_repaired() -> None:
    (one,) = told(RULE, known(a_head((1, 1, 3), "softmax"), a_loss("categorical_crossentropy"), an_array((8, 3))))
    assert one.repairs == (Repair("expand_dims", axis=1),) * 2
    assert one.place == Place("y")
