"""TL629: states that are kept, and the order of samples."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, told
from tests.rules.training.facts import keeping
from typedlayers.rules.training.shuffled_states import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

WRONG = {
    "states": (
        keeping(),
        'LSTM "reader" keeps its states from batch to batch, and fit draws the samples in another order',
    ),
}
RIGHT = {
    "in order": keeping(shuffles=False),
    "one batch": keeping(batches=1),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
