"""TL525: generators, and how many epochs draw from them."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted, lasting
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.fitting import Epochs
from typedlayers.rules.training.spent_generator import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "a generator": (
        lasting(last=3, spent=True),
        f"the generator for {MODEL} gives each of its batches once, and 3 epochs are to draw from it",
    ),
}
RIGHT = {
    "one epoch of a generator": lasting(last=1, spent=True),
    "the last epoch of a generator": lasting(first=2, last=3, spent=True),
    "a generator with steps": lasting(last=3, steps=4, spent=True),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


def test_a_callback_may_stop_it() -> None:
    evidence = fitted(HEAD, LOSS, epochs=Epochs(last=3, spent=True), stops=True)
    (one,) = told(RULE, evidence)
    assert one.certainty is Certainty.PERHAPS
