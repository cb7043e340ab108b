"""What a loss or metric of the user's raises is explained, and reaches her as the cause."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import typedlayers as tl
from typedlayers import layers

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")


def nothing(y_true: Any, y_pred: Any) -> Any:
    ops.mean(ops.square(y_true - y_pred), axis=-1)


def one_hot_of_floats(y_true: Any, y_pred: Any) -> Any:
    return keras.losses.mean_squared_error(tf.one_hot(y_true[:, 0], 3), y_pred)


def number_as_condition(y_true: Any, y_pred: Any) -> Any:
    return tf.reduce_mean(tf.where(y_true > 0, 1.0, 0.0)) + tf.cast(tf.logical_not(y_pred), "float32")


def doubles(y_true: Any, y_pred: Any) -> Any:
    return tf.reduce_mean(tf.square(y_pred - tf.constant(np.ones(3))), axis=-1)


def columns(y_true: Any, y_pred: Any) -> Any:
    return ops.mean(ops.square(y_true[:, :2] - y_pred), axis=-1)


def values(y_true: Any, y_pred: Any) -> Any:
    return ops.mean(y_pred) if float(ops.mean(y_true)) > 0 else ops.mean(y_true)


class Distance(keras.losses.Loss):
    """A loss as a class."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return columns(y_true, y_pred)


class Silent(keras.losses.Loss):
    """A loss as a class that gives nothing."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        nothing(y_true, y_pred)


def own_error(y_true: Any, y_pred: Any) -> Any:
    raise RuntimeError("not today")


def right(y_true: Any, y_pred: Any) -> Any:
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


WRONG = {
    "nothing is returned": (nothing, "TL731", '"nothing"'),
    "floats for ids": (one_hot_of_floats, "TL732", '"one_hot_of_floats"'),
    "a number as a condition": (number_as_condition, "TL732", '"number_as_condition"'),
    "float64": (doubles, "TL732", '"doubles"'),
    "columns": (columns, "TL733", '"columns"'),
    "values": (values, "TL719", '"values"'),
    "a class": (Distance(), "TL733", '"Distance'),
    "a class that gives nothing": (Silent(), "TL731", '"Silent'),
}


def network(**compiled: Any) -> Any:
    """Returns a small compiled model."""
    model = tl.Sequential([tl.Input((4,)), layers.Dense(3)])
    model.compile("sgd", **compiled)
    return model


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("kind", ["loss", "metric"])
def test_what_a_function_raises_is_explained(name: str, kind: str) -> None:
    given, code, label = WRONG[name]
    if kind == "metric" and isinstance(given, keras.losses.Loss):
        given = given.call if code == "TL733" else nothing
        label = '"'
    model = network(loss=given) if kind == "loss" else network(loss="mse", metrics=[given])
    with pytest.raises(tl.ContractError) as raised:
        model.fit(X, Y, verbose=0)
    (one,) = raised.value.diagnostics
    assert one.code == code
    assert one.headline.startswith(f"{kind.capitalize()} {label}")
    assert one.where.file == __file__
    assert raised.value.__cause__ is not None


def test_in_evaluate_too() -> None:
    with pytest.raises(tl.ContractError) as raised:
        network(loss=columns).evaluate(X, Y, verbose=0)
    assert [one.code for one in raised.value.diagnostics] == ["TL733"]


def test_an_exception_of_the_users_own_is_left_alone() -> None:
    with pytest.raises(RuntimeError, match="not today"):
        network(loss=own_error).fit(X, Y, verbose=0)


def test_what_runs_is_left_alone() -> None:
    network(loss=right, metrics=[right]).fit(X, Y, verbose=0)


def test_off_explains_nothing() -> None:
    with tl.mode("off"), pytest.raises(ValueError, match="None values not supported"):
        network(loss=nothing).fit(X, Y, verbose=0)
