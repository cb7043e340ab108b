"""TL607: targets that the activation cannot reach."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.targets.facts import a_head, a_loss, known, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.rules.targets.out_of_reach import RULE

WRONG = {
    "prices": (
        known(a_head((1,), "sigmoid"), a_loss("mean_squared_error"), values=[10, 55, 100]),
        'the targets of output "head" are 10..100 but Dense "head" gives values from 0 to 1 (sigmoid)',
    ),
    "rows of several ones": (
        known(a_head((3,), "softmax"), a_loss("mean_squared_error"), values=[[1, 1, 0], [0, 1, 1], [0, 1, 0]]),
        'rows of the targets of output "head" sum to up to 2 but Dense "head" gives values from 0 to 1 that sum to 1'
        " (softmax)",
    ),
    "prices in float16": (
        known(a_head((1,), dtype="float16"), a_loss("mean_absolute_error"), values=[2e5, 3e5, 9e5]),
        'the targets of output "head" are 200000..900000 but Dense "head" computes in float16, up to 65504',
    ),
    "debts in float16, by code of the user's": (
        known(a_head((1,), None, dtype="float16"), a_loss("mean_squared_error"), values=[-2e5, -1e5, 100]),
        'the targets of output "head" are -200000..100 but Dense "head" computes in float16, up to 65504',
    ),
}

RIGHT = {
    "prices in bfloat16": known(a_head((1,), dtype="bfloat16"), a_loss("mean_absolute_error"), values=[2e5, 9e5]),
    "numbers that float16 holds": known(a_head((1,), dtype="float16"), a_loss("huber"), values=[-65504, 65504]),
    "linear": known(a_head((1,)), a_loss("mean_squared_error"), values=[10, 55, 100]),
    "within": known(a_head((1,), "sigmoid"), a_loss("mean_squared_error"), values=[0, 0.5, 1]),
}

LOOKS_WRONG = {
    "one-hot rows": known(a_head((3,), "softmax"), a_loss("mean_squared_error"), values=np.eye(3)),
    "ones, to try a program out": known(a_head((3,), "softmax"), a_loss("mean_squared_error"), values=np.ones((4, 3))),
    "rows of zeros are left out on purpose": known(
        a_head((3,), "softmax"), a_loss("mean_squared_error"), values=[[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    ),
    "labels that were smoothed, and rounded": known(
        a_head((3,), "softmax"), a_loss("mean_squared_error"), values=[[0.94, 0.04, 0.04], [0.04, 0.04, 0.94]]
    ),
    "several ones with a sigmoid": known(a_head((3,), "sigmoid"), a_loss("mean_squared_error"), values=[[1, 1, 0]] * 3),
    "several labels with a cross-entropy": known(
        a_head((3,), "softmax"), a_loss("categorical_crossentropy"), values=[[1, 1, 0]] * 3
    ),
    "noise": known(a_head((1,), "sigmoid"), a_loss("mean_squared_error"), values=[0, 0.5, 1.1]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []


def test_few_targets_out_of_reach_are_only_perhaps_wrong() -> None:
    standardised = [-2, -1, -0.5, -0.2, -0.1, 0, 0.1, 0.2, 0.5, 1, 2]
    (one,) = told(RULE, known(a_head((1,), "tanh"), a_loss("mean_squared_error"), values=standardised))
    assert one.certainty is Certainty.PERHAPS
    (one,) = told(RULE, WRONG["prices"][0])
    assert one.certainty is Certainty.CERTAIN


def test_an_output_beyond_float16_is_computed_in_float32() -> None:
    (one,) = told(RULE, WRONG["prices in float16"][0])
    assert [fix.text for fix in one.fixes] == [
        'dtype="float32" in "head"',
        "y = y / 900000, and as much more for what predict returns",
    ]
    assert one.certainty is Certainty.CERTAIN


def test_few_targets_beyond_float16_are_only_perhaps_wrong() -> None:
    head = a_head((1,), dtype="float16")
    (one,) = told(RULE, known(head, a_loss("mean_squared_error"), values=[1, 2, 3, 4e5]))
    assert one.certainty is Certainty.PERHAPS
