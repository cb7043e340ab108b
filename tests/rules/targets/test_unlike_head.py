"""TL605: an activation of another loss."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.targets.facts import a_head, a_loss, known, named, told
from typedlayers.rules.targets.unlike_head import RULE

ONE_HOT = np.eye(4)[np.arange(120) % 4]
BINARY = a_loss("binary_crossentropy")

WRONG = {
    "softmax with binary": (
        known(a_head((3,), "softmax"), a_loss("binary_crossentropy")),
        named("binary_crossentropy")
        + ' takes each column for itself but Dense "head" gives values from 0 to 1 that sum to 1',
    ),
    "sigmoid with classes": (
        known(a_head((3,), "sigmoid"), a_loss("categorical_crossentropy")),
        named("categorical_crossentropy")
        + ' compares distributions but Dense "head" gives values from 0 to 1 (sigmoid)',
    ),
    "one-hot rows with sigmoid": (
        known(a_head((4,), "sigmoid"), BINARY, values=ONE_HOT),
        named("binary_crossentropy")
        + " takes each column for itself but each row of the targets is of one of 4 classes",
    ),
    "one-hot rows with logits": (
        known(a_head((4,)), a_loss("binary_crossentropy", from_logits=True), values=ONE_HOT),
        named("binary_crossentropy")
        + " takes each column for itself but each row of the targets is of one of 4 classes",
    ),
    "hinge with sigmoid": (
        known(a_head((1,), "sigmoid"), a_loss("hinge"), values=[[-1], [1]]),
        named("hinge") + ' wants -1 for one class, but Dense "head" gives values from 0 to 1 (sigmoid)',
    ),
    "hinge with relu": (
        known(a_head((1,), "relu"), a_loss("squared_hinge"), values=[[0], [1]]),
        named("squared_hinge") + ' wants -1 for one class, but Dense "head" gives values from 0 up (relu)',
    ),
    "hinge with softmax": (
        known(a_head((3,), "softmax"), a_loss("hinge"), values=np.eye(3)),
        named("hinge") + ' wants -1 for one class, but Dense "head" gives values from 0 to 1 that sum to 1 (softmax)',
    ),
}

RIGHT = {
    "hinge": known(a_head((1,)), a_loss("hinge"), values=[[0], [1]]),
    "hinge with tanh": known(a_head((1,), "tanh"), a_loss("squared_hinge"), values=[[-1], [1]]),
    "softmax": known(a_head((3,), "softmax"), a_loss("categorical_crossentropy")),
}

LOOKS_WRONG = {
    "categorical hinge, which 1 and 0 make 0": known(
        a_head((3,), "softmax"), a_loss("categorical_hinge"), values=np.eye(3)
    ),
    "hinge with elu, which reaches -1": known(a_head((1,), "elu"), a_loss("hinge"), values=[[-1], [1]]),
    "hinge with one class": known(a_head((1,), "sigmoid"), a_loss("hinge"), values=[[1], [1]]),
    "softmax of two columns with binary": known(a_head((2,), "softmax"), BINARY),
    "some row has two labels": known(
        a_head((4,), "sigmoid"), BINARY, values=np.maximum(ONE_HOT, np.eye(120, 4, 1) * np.eye(120)[:, :1])
    ),
    "some row has no label": known(a_head((4,), "sigmoid"), BINARY, values=ONE_HOT * (np.arange(120) > 0)[:, None]),
    "a few rows may have one label each by chance": known(a_head((4,), "sigmoid"), BINARY, values=ONE_HOT[:20]),
    "a label that never occurs": known(a_head((5,), "sigmoid"), BINARY, values=np.eye(5)[np.arange(120) % 4]),
    "two columns": known(a_head((2,), "sigmoid"), BINARY, values=np.eye(2)[np.arange(120) % 2]),
    "a focal loss is chosen for its columns": known(
        a_head((4,), "sigmoid"), a_loss("binary_focal_crossentropy"), values=ONE_HOT
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
