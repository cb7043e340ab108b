"""TL739: what Python draws or counts while a function is traced."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")
GENERATOR = np.random.default_rng(0)


def said(model: Any, x: Any = X, y: Any = Y, **compiled: Any) -> list[str]:
    """What a fit says of drawing and counting."""
    model.compile("sgd", **{"loss": "mse", **compiled})
    with warned("TL739") as found:
        model.fit(x, y, verbose=0)
    return [one.headline for one in found]


class Own(tl.Layer):
    """A layer that computes a function of its own."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__(name="own")
        self.function = function

    def call(self, x: Any) -> Any:
        return self.function(x)


class Noise(tl.Layer):
    """Draws in a method that ``call`` calls, of a generator that it holds."""

    def __init__(self) -> None:
        super().__init__(name="noise")
        self.generator = np.random.RandomState(0)

    def call(self, x: Any) -> Any:
        return self.moved(x)

    def moved(self, x: Any) -> Any:
        return x + self.generator.normal()


class Counting(tl.Layer):
    """Counts its calls in Python, and decides by the count."""

    def __init__(self) -> None:
        super().__init__(name="counting")
        self.calls = 0

    def call(self, x: Any) -> Any:
        self.calls += 1
        return x * 2 if self.calls > 3 else x


class Tracing(tl.Layer):
    """Counts how often it was traced."""

    def __init__(self) -> None:
        super().__init__()
        self.traces = 0

    def call(self, x: Any) -> Any:
        self.traces += 1
        return x


class Projection(tl.Layer):
    """Draws its constants once, in ``build``."""

    def build(self, shape: Any) -> None:
        self.rows = np.random.normal(size=(shape[-1], 4)).astype("float32")

    def call(self, x: Any) -> Any:
        return x @ self.rows


class Seeded(tl.Layer):
    """The same numbers whenever it runs, on purpose."""

    def call(self, x: Any) -> Any:
        np.random.seed(0)
        return x + np.random.normal(size=4).astype("float32")


class Local(tl.Layer):
    """Numbers of a generator of its own, on purpose the same."""

    def call(self, x: Any) -> Any:
        rng = np.random.default_rng(0)
        return x + rng.normal(size=4).astype("float32")


def helped(x: Any) -> Any:
    return x * random.random()


def net(layer: Any) -> Any:
    return tl.Sequential([L.Input((4,)), layer, L.Dense(1)], name="net")


def mapped(function: Callable[..., Any]) -> Any:
    return tf.data.Dataset.from_tensor_slices((X, Y)).map(function).batch(4)


def flipped(x: Any, y: Any) -> tuple[Any, Any]:
    return (x[::-1] if np.random.rand() > 0.5 else x), y


def scaled(x: Any) -> Any:
    return x * np.random.uniform(0.5, 1.5)


def through_numpy(x: Any, y: Any) -> tuple[Any, Any]:
    return tf.ensure_shape(tf.numpy_function(scaled, [x], tf.float32), (4,)), y


def drawn_by_tensorflow(x: Any, y: Any) -> tuple[Any, Any]:
    return x * tf.random.uniform(()), y


def noisy(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) * np.random.rand()


SAME = "draws once: every {} gets the same numbers"
WRONG = {
    "a method of a layer": (
        lambda: said(net(Noise())),
        [f'self.generator.normal in call of Noise "noise" {SAME.format("batch")}'],
    ),
    "a Lambda": (
        lambda: said(net(L.Lambda(lambda x: x * np.random.rand(), name="drawn"))),
        [f'np.random.rand in call of Lambda "drawn" {SAME.format("batch")}'],
    ),
    "a function that a Lambda holds": (
        lambda: said(net(L.Lambda(helped, name="drawn"))),
        [f'random.random in call of Lambda "drawn" {SAME.format("batch")}'],
    ),
    "a loss": (
        lambda: said(net(L.Dense(4)), loss=noisy),
        [f'np.random.rand in Loss "noisy" of Sequential "net" {SAME.format("batch")}'],
    ),
    "a map": (
        lambda: said(net(L.Dense(4)), mapped(flipped), None),
        [f"np.random.rand in a map of the dataset {SAME.format('element')}"],
    ),
    "one of two lambdas in a line": (
        lambda: said(net(L.Dense(4)), mapped(lambda x, y: (x, y)).map(lambda x, y: (x * GENERATOR.normal(), y)), None),
        [f"GENERATOR.normal in a map of the dataset {SAME.format('element')}"],
    ),
    "a count": (
        lambda: said(net(Counting())),
        [
            'self.calls in call of Counting "counting" is counted once, '
            "and the condition that it decides is settled then"
        ],
    ),
}
RIGHT = {
    "steps that run eagerly": lambda: said(net(Noise()), run_eagerly=True),
    "a count of traces": lambda: said(net(Tracing())),
    "constants of build": lambda: said(net(Projection())),
    "numbers that are the same on purpose": lambda: said(net(Seeded())),
    "a generator made there": lambda: said(net(Local())),
    "a seed of Keras's": lambda: said(net(L.GaussianNoise(1.0))),
    "a function that NumPy runs": lambda: said(net(L.Dense(4)), mapped(through_numpy), None),
    "an op": lambda: said(net(L.Dense(4)), mapped(drawn_by_tensorflow), None),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []


# -------------------------------------------------------------------------------------- branches that do not run
def noise(*, drawn: bool, kind: str = "normal") -> Any:
    class Noise(tl.Layer):
        def call(self, x: Any) -> Any:
            if kind == "none":
                return x * np.random.rand()
            return x + (np.random.normal() if drawn else 1.0)

    return Noise(name="noise")


def in_training(p: float) -> Any:
    class Noise(tl.Layer):
        def call(self, x: Any, training: bool = False) -> Any:
            if training and not p:
                x = x + np.random.normal()
            return x

    return Noise(name="noise")


@pytest.mark.parametrize(
    ("layer", "count"),
    [(noise(drawn=True), 1), (noise(drawn=False), 0), (in_training(0.0), 1), (in_training(0.5), 0)],
)
def test_a_branch_that_is_dead_draws_nothing(layer: Any, count: int) -> None:
    assert len(said(net(layer))) == count
