"""TL620: a step that trains other weights than are trainable now."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.diagnostics.model import Certainty
from typedlayers.rules.training.stale_step import RULE

HEAD, LOSS = a_head((1,)), a_loss("mean_squared_error")

CHANGED = f"`trainable` of layers of {MODEL} was changed after its step was traced"
WRONG = {
    "frozen": (
        fitted(HEAD, LOSS, frozen=('Dense "a"',)),
        f'{CHANGED}: Dense "a" is still trained',
        Certainty.PERHAPS,
    ),
    "many unfrozen": (
        fitted(HEAD, LOSS, unfrozen=tuple(f'Dense "{name}"' for name in "abcde")),
        f'{CHANGED}: Dense "a", Dense "b", Dense "c" and 2 more are still not trained',
        Certainty.PERHAPS,
    ),
}
RIGHT = {"as traced": fitted(HEAD, LOSS)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline, certainty = WRONG[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, certainty)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
