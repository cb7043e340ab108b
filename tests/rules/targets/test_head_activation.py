"""TL604: activation and loss that contradict each other."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, known, named, told
from typedlayers.rules.targets.head_activation import RULE

WRONG = {
    "linear": (
        known(a_head((1,), "linear"), a_loss("binary_crossentropy")),
        named("binary_crossentropy") + ' needs values from 0 to 1 but Dense "head" gives any value (linear)',
    ),
    "probabilities for logits": (
        known(a_head((3,), "softmax"), a_loss("categorical_crossentropy", from_logits=True)),
        named("categorical_crossentropy")
        + ' needs logits but Dense "head" gives values from 0 to 1 that sum to 1 (softmax)',
    ),
}

RIGHT = {
    "a sigmoid": known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy")),
    "logits": known(a_head((1,), "linear"), a_loss("binary_crossentropy", from_logits=True)),
    "unknown": known(a_head((1,), None), a_loss("binary_crossentropy")),
}

LOOKS_WRONG = {
    "a sum": known(a_head((1,), "linear", trained=False), a_loss("binary_crossentropy")),
    "logits that Keras finds, which TL605 tells": known(
        a_head((3,), "softmax", bare=True), a_loss("categorical_crossentropy", from_logits=True)
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
