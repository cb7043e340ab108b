"""TL740: steps of the user's, and whether they say that they are training."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")


class Silent(tl.Model):
    """Its own step calls the model and does not say what for."""

    def __init__(self, *stack: Any) -> None:
        super().__init__(name="net")
        self.stack = list(stack)
        self.dense = L.Dense(1)

    def call(self, x: Any) -> Any:
        for layer in self.stack:
            x = layer(x)
        return self.dense(x)

    def loss_of(self, x: Any, y: Any) -> Any:
        return self.compute_loss(x, y, self(x))

    def train_step(self, data: Any) -> Any:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.loss_of(x, y)
        weights = self.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}


class Saying(Silent):
    """Says it."""

    def loss_of(self, x: Any, y: Any) -> Any:
        return self.compute_loss(x, y, self(x, training=True))


class Still(Silent):
    """Says that it is not."""

    def loss_of(self, x: Any, y: Any) -> Any:
        return self.compute_loss(x, y, self(x, training=False))


class Both(Silent):
    """Labels by its own inference, and learns them in training."""

    def loss_of(self, x: Any, y: Any) -> Any:
        return self.compute_loss(x, self(x), self(x, training=True))


class Inside(Silent):
    """Its layers are told by its call."""

    def call(self, x: Any) -> Any:
        for layer in self.stack:
            x = layer(x, training=True)
        return self.dense(x)


class Teaching(Saying):
    """Another model is called as in inference."""

    def __init__(self, *stack: Any) -> None:
        super().__init__(*stack)
        self.teacher = tl.Sequential([L.Input((4,)), L.Dropout(0.5), L.Dense(1)])

    def loss_of(self, x: Any, y: Any) -> Any:
        return self.compute_loss(x, self.teacher(x), self(x, training=True))


def said(model: Any) -> list[str]:
    model.compile("sgd", "mse")
    with warned("TL740") as found:
        model.fit(X, Y, verbose=0)
    return [f"{one.headline} | {one.fixes[0].text}" for one in found]


CALLS = 'train_step of Silent "net" calls the model without training=True'
WRONG = {
    "a dropout": ((L.Dropout(0.5, name="drop"),), f'{CALLS}: Dropout "drop" acts as in inference'),
    "three layers": (
        (L.Dropout(0.5, name="a"), L.BatchNormalization(name="b"), L.GaussianNoise(0.1)),
        f'{CALLS}: Dropout "a", BatchNormalization "b" and 1 more act as in inference',
    ),
}
FROZEN = L.BatchNormalization()
FROZEN.trainable = False
RIGHT = {
    "no such layer": lambda: Silent(L.Dense(4)),
    "a dropout of nothing": lambda: Silent(L.Dropout(0.0)),
    "a frozen normalization": lambda: Silent(FROZEN),
    "it says so": lambda: Saying(L.Dropout(0.5)),
    "it says that it is not": lambda: Still(L.Dropout(0.5)),
    "both": lambda: Both(L.Dropout(0.5)),
    "its layers are told": lambda: Inside(L.Dropout(0.5)),
    "another model": lambda: Teaching(L.Dropout(0.5)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    stack, headline = WRONG[name]
    (told,) = said(Silent(*stack))
    assert told.startswith(f"{headline} | self(x, training=True) in place of self(x) at test_inference_in_training.py:")


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert said(RIGHT[name]()) == []


# ------------------------------------------------------------------------------------------------ loops
def a_model(*stack: Any) -> Any:
    return tl.Sequential([tl.Input((4,)), *stack, L.Dense(1)], name="net")


def said_of(loop: Any, *stack: Any) -> list[str]:
    with warned("TL740") as found:
        loop(a_model(*stack))
    return [f"{one.headline} | {one.fixes[0].text}".partition(" at ")[0] for one in found]


def eager(model: Any) -> None:
    optimizer = keras.optimizers.SGD()
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X) - Y) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)


def traced(model: Any) -> None:
    @tf.function
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        weights = model.trainable_weights
        for gradient, weight in zip(tape.gradient(loss, weights), weights, strict=True):
            weight.assign_sub(0.1 * gradient)
        return loss

    step(X, Y)


def told(model: Any) -> None:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(X, training=True) - Y) ** 2)
    tape.gradient(loss, model.trainable_variables)


def by_the_image(model: Any) -> None:
    """Which part of an image a trained model looks at."""
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x)
    tape.gradient(y, x)


def beside_the_tape(model: Any) -> None:
    """The loss of a step before, without training."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(X, training=True) - Y) ** 2)
    tape.gradient(loss, model.trainable_variables)
    model(X)


LOOP = 'a loop of yours calls the model without training=True: Dropout "drop" acts as in inference'
WRONG_LOOPS = {
    "eager": (eager, f"{LOOP} | model(X, training=True) in place of model(X)"),
    "traced": (traced, f"{LOOP} | model(x, training=True) in place of model(x)"),
}
RIGHT_LOOPS = {"it says so": told, "by the image": by_the_image, "beside the tape": beside_the_tape}


@pytest.mark.parametrize("name", WRONG_LOOPS)
def test_wrong_loops(name: str) -> None:
    loop, headline = WRONG_LOOPS[name]
    assert said_of(loop, L.Dropout(0.5, name="drop")) == [headline]


@pytest.mark.parametrize("name", RIGHT_LOOPS)
def test_right_loops(name: str) -> None:
    assert said_of(RIGHT_LOOPS[name], L.Dropout(0.5, name="drop")) == []


def test_a_loop_over_a_model_without_such_layers() -> None:
    assert said_of(eager) == []


@pytest.mark.parametrize(("given", "count"), [({}, 1), ({"training": True}, 0)])
def test_what_a_call_unpacks(given: dict[str, Any], count: int) -> None:
    class Unpacking(Silent):
        def loss_of(self, x: Any, y: Any) -> Any:
            return self.compute_loss(x, y, self(x, **given))

    assert len(said(Unpacking(L.Dropout(0.5)))) == count
