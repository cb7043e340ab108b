"""TL745: the order of a loss's arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L

X, Y = np.ones((6, 4), "float32"), np.eye(3, dtype="float32")[np.arange(6) % 3]
CROSS, SQUARED = keras.losses.CategoricalCrossentropy(), keras.losses.MeanSquaredError()


def net() -> Any:
    return tl.Sequential([tl.Input((4,)), L.Dense(3, activation="softmax")], name="net")


def turned(model: Any) -> Any:
    return CROSS(model(X, training=True), Y)


def turned_by_name(model: Any) -> Any:
    outputs = model(X, training=True)
    return keras.losses.categorical_crossentropy(outputs, Y)


def right(model: Any) -> Any:
    return CROSS(Y, model(X, training=True))


def the_same_both_ways(model: Any) -> Any:
    return SQUARED(model(X, training=True), Y)


def of_two_models(model: Any) -> Any:
    return CROSS(model(X), net()(X, training=True))


def of_an_op(model: Any) -> Any:
    outputs = tf.identity(model(X, training=True))
    return CROSS(outputs, Y)


def of_a_student(model: Any) -> Any:
    """One of several outputs learns what another model says."""
    x = tl.Input((4,))
    student = tl.Model(x, [L.Dense(3, activation="softmax")(x), L.Dense(2)(x)])
    learned, _ = student(X, training=True)
    return CROSS(model(X), learned)


WRONG: dict[str, tuple[Callable[[Any], Any], str]] = {
    "outputs first": (turned, "CROSS(Y, model(X, training=True))"),
    "a name, and a function": (turned_by_name, "keras.losses.categorical_crossentropy(Y, outputs)"),
}
RIGHT: dict[str, Callable[[Any], Any]] = {
    "targets first": right,
    "a loss that is the same both ways": the_same_both_ways,
    "two models": of_two_models,
    "an op between": of_an_op,
    "one of several outputs": of_a_student,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    loop, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        loop(net())
    (one,) = caught.value.diagnostics
    told = 'the loss of Sequential "net" gets the outputs first, and the targets second'
    assert (one.code, one.headline, one.fixes[0].text) == ("TL745", told, fix)


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    RIGHT[name](net())
