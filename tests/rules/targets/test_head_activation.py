"""TL604: activation and loss that contradict each other."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import HEAD, a_head, a_loss, known, named, told
from typedlayers.catalogue.activations import ACTIVATIONS
from typedlayers.facts.outputs import Squash, Under
from typedlayers.rules.targets.head_activation import RULE

RELU = Under(ACTIVATIONS["relu"], Squash(HEAD, argument=True))
BINARY = a_loss("binary_crossentropy")

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
    "a sigmoid of what is never negative": (
        known(a_head((1,), "sigmoid", under=RELU), BINARY, values=[0, 1]),
        named("binary_crossentropy") + ' needs values from 0 to 1 but Dense "head" gives values from 0.5 to 1:'
        " the sigmoid of what is never negative",
    ),
    "the same, where the targets are not known": (
        known(a_head((1,), "sigmoid", under=RELU), BINARY),
        named("binary_crossentropy") + ' needs values from 0 to 1 but Dense "head" gives values from 0.5 to 1:'
        " the sigmoid of what is never negative",
    ),
}

TAGS = a_head((7, 5), None, sums_along=1)
WRONG["a softmax along the steps"] = (
    known(TAGS, a_loss("sparse_categorical_crossentropy", axis=-1)),
    'Dense "head" sums to 1 along axis 1, but '
    + named("sparse_categorical_crossentropy")
    + " takes the classes from axis 2",
)

RIGHT = {
    "a softmax along the axis that the loss takes": known(TAGS, a_loss("sparse_categorical_crossentropy", axis=1)),
    "a softmax along the steps for no loss of classes": known(TAGS, a_loss("mean_squared_error")),
    "a sigmoid": known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy")),
    "logits": known(a_head((1,), "linear"), a_loss("binary_crossentropy", from_logits=True)),
    "unknown": known(a_head((1,), None), a_loss("binary_crossentropy")),
}

LOOKS_WRONG = {
    "a softmax of what is never negative gives every distribution": known(
        a_head((3,), "softmax", under=RELU), a_loss("categorical_crossentropy")
    ),
    "no target is below 0.5": known(a_head((1,), "sigmoid", under=RELU), BINARY, values=[0.5, 0.9]),
    "a sigmoid of a tanh": known(
        a_head((1,), "sigmoid", under=Under(ACTIVATIONS["tanh"], Squash(HEAD, argument=True))), BINARY
    ),
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
