"""TL734: a loss or metric that cannot be called on targets and outputs, or that makes the function that could."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.rules.custom.seen import a_function, raised
from typedlayers.rules.custom.loss_arguments import RULE

LOOKS_WRONG = {
    "it gave a result": a_function(),
    "it raised something of its own": a_function(failed=raised("loss() missing 1 required positional argument: 'c'")),
}


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_right(name: str) -> None:
    assert list(RULE.find(LOOKS_WRONG[name])) == []


def factory(weight: float) -> Any:
    def loss(y_true: Any, y_pred: Any) -> Any:
        return weight * keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)

    return loss


def with_defaults(weight: float = 1.0, power: float = 2.0) -> Any:
    return factory(weight * power)


def of_three(y_true: Any, y_pred: Any, weight: Any) -> Any:
    return factory(weight)(y_true, y_pred)


def fitted(**given: Any) -> Any:
    model = tl.Sequential([tl.layers.Input((3,)), tl.layers.Dense(1)])
    model.compile("sgd", **given)
    return model.fit(np.ones((8, 3), "float32"), np.ones((8, 1), "float32"), verbose=0)


RIGHT = {
    "a function of two": {"loss": factory(1.0)},
    "the rest bound": {"loss": functools.partial(of_three, weight=1.0)},
    "a class of Keras's": {"loss": keras.losses.MeanSquaredError},
}


WRONG = {
    "a factory": ({"loss": factory}, 'Loss "factory"', "factory(...) in compile"),
    "a factory that can be called": ({"loss": with_defaults}, 'Loss "with_defaults"', "with_defaults(...) in compile"),
    "a metric's factory": ({"loss": "mse", "metrics": [factory]}, 'Metric "factory"', "factory(...) in compile"),
    "three arguments": ({"loss": of_three}, 'Loss "of_three"', "def of_three(y_true, y_pred)"),
    "a lambda of one": ({"loss": lambda p: p}, 'Loss "<lambda>"', "lambda y_true, y_pred: ..."),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    given, label, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        fitted(**given)
    (one,) = caught.value.diagnostics
    assert one.code == "TL734"
    assert one.headline.startswith(label)
    assert one.fixes[0].text.startswith(fix)
    assert caught.value.__cause__ is caught.value.origin is not None


class Own(keras.losses.Loss):
    def __call__(self, y_true: Any, y_pred: Any) -> Any:  # type: ignore[override]
        return keras.ops.mean(y_true - y_pred)


class Counter(keras.metrics.Metric):
    def update_state(self, y_true: Any, y_pred: Any) -> None:  # type: ignore[override]
        pass

    def result(self) -> Any:
        return 0.0


METHODS = {
    "a loss": ({"loss": Own()}, 'Loss "Own"', "def call(self, y_true, y_pred): ..."),
    "a metric": (
        {"loss": "mse", "metrics": [Counter()]},
        'Metric "Counter"',
        "def update_state(self, y_true, y_pred, sample_weight=None): ...",
    ),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_that_takes_no_sample_weights(name: str) -> None:
    given, label, fix = METHODS[name]
    with pytest.raises(tl.ContractError) as caught:
        fitted(**given)
    (one,) = caught.value.diagnostics
    assert one.code == "TL734"
    assert one.headline.startswith(label)
    assert one.fixes[0].text == fix


@pytest.mark.parametrize("name", RIGHT)
def test_what_can_be_called_runs(name: str) -> None:
    assert fitted(**RIGHT[name]).history["loss"]
