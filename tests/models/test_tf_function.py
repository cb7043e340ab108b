"""``tf.function`` around a typed model or layer itself, as around Keras's own."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers


class Twice(tl.Layer):
    def __init__(self, factor: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x: Any) -> Any:
        return self.factor * x


class Net(tl.Model):
    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.dense(x)


def functional() -> Any:
    image = tl.Input((4,))
    return tl.Model(image, layers.Dense(3)(image))


MADE = {
    "layer": lambda: layers.Dense(3),
    "own layer": Twice,
    "sequential": lambda: tl.Sequential([tl.Input((4,)), layers.Dense(3)]),
    "functional": functional,
    "subclassed": Net,
}


@pytest.mark.parametrize("reduce_retracing", [False, True])
@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_the_object_itself_can_be_traced(make: Any, reduce_retracing: bool) -> None:
    made, x = make(), np.random.default_rng(0).random((2, 4), dtype="float32")
    traced = tf.function(made, reduce_retracing=reduce_retracing)
    np.testing.assert_allclose(traced(tf.constant(x)), made(x), rtol=1e-6)


def test_a_class_shows_its_own_arguments_and_an_object_those_of_its_call() -> None:
    assert list(inspect.signature(Twice).parameters) == ["factor", "kwargs"]
    assert inspect.signature(Twice()) == inspect.signature(keras.layers.Dense(1))
