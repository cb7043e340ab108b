"""TL616: constraints as regularizers."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import told
from tests.rules.training.facts import a_layer
from typedlayers.facts.layers import Exchanged
from typedlayers.rules.training.exchanged_constraint import RULE

WRONG = {
    "a constraint for a regularizer": (
        a_layer(exchanged=(Exchanged("kernel_regularizer", "MaxNorm"),)),
        'Dense "head" has MaxNorm for its kernel_regularizer, which is a constraint',
        "kernel_constraint=MaxNorm(...) in place of kernel_regularizer",
    ),
    "a regularizer for a constraint": (
        a_layer(exchanged=(Exchanged("bias_constraint", "L2"),)),
        'Dense "head" has L2 for its bias_constraint, which is a regularizer',
        "bias_regularizer=L2(...) in place of bias_constraint",
    ),
    "of the outputs": (
        a_layer(exchanged=(Exchanged("activity_regularizer", "NonNeg"),)),
        'Dense "head" has NonNeg for its activity_regularizer, which is a constraint',
        "kernel_constraint=NonNeg(...) in place of activity_regularizer",
    ),
}

RIGHT = {"neither": a_layer()}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline, fix = WRONG[name]
    (one,) = told(RULE, evidence)
    assert (one.headline, one.fixes[0].text) == (headline, fix)


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
