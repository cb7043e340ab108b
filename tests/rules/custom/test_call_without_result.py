"""TL737: a call that returns None."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from tests.rules.custom.seen import a_call
from typedlayers.rules.custom.call_without_result import RULE

WRONG = {"nothing": a_call(gives_none=True)}
RIGHT = {"something": a_call()}


def test_wrong() -> None:
    (one,) = RULE.find(WRONG["nothing"])
    assert one.headline == 'the call of Mine "mine" returns None'


def test_right() -> None:
    assert list(RULE.find(RIGHT["something"])) == []


class Silent(tl.Layer):
    def call(self, x: Any) -> Any:
        self.seen = x.shape


def test_the_layer_is_named_not_the_one_behind_it() -> None:
    with pytest.raises(tl.ContractError) as caught:
        tl.Sequential([tl.Input((4,)), Silent(name="silent"), tl.layers.Dense(1)])
    assert [one.headline for one in caught.value.diagnostics] == ['the call of Silent "silent" returns None']


def test_a_call_on_values_may_return_nothing() -> None:
    assert Silent()(np.ones((2, 4), "float32")) is None
