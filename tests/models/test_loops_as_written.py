"""Losses in loops over typed models: nothing of Keras's is exchanged, the lines of the loop tell what they do."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
IDS = np.arange(8) % 4
ONE_HOT = np.eye(4, dtype="float32")[IDS]
L = keras.losses


def net(units: int = 4, activation: str | None = "softmax") -> Any:
    return tl.Sequential([tl.Input((3,)), layers.Dense(units, activation=activation, name="head")], name="net")


def inside(model: Any, loss_of: Any, y: Any) -> None:
    with tf.GradientTape() as tape:
        value = loss_of(y, model(X, training=True))
    tape.gradient(value, model.trainable_variables)


def by_name(model: Any, loss_of: Any, y: Any) -> None:
    with tf.GradientTape() as tape:
        outputs = model(X, training=True)
        value = loss_of(y, outputs)
    tape.gradient(value, model.trainable_variables)


def exchanged(model: Any, loss_of: Any, y: Any) -> None:
    outputs = model(X, training=True)
    loss_of(outputs, y)


def changed(model: Any, loss_of: Any, y: Any) -> None:
    """What the name stands for where the loss is called is no output any more."""
    outputs = model(X, training=True)
    outputs = tf.nn.softmax(outputs)
    loss_of(y, outputs)


def one_of_two(model: Any, loss_of: Any, y: Any, *, turned: bool = False) -> None:
    """The branch that does not run has them the wrong way round."""
    outputs = model(X, training=True)
    if turned:
        loss_of(outputs, y)
    else:
        loss_of(y, outputs)


def traced(model: Any, loss_of: Any, y: Any) -> None:
    @tf.function
    def step(x: Any, targets: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss_of(targets, model(x, training=True))
        return tape.gradient(value, model.trainable_variables)

    step(X, y)


def of_two(model: Any, loss_of: Any, y: Any) -> None:
    """The outputs of one model are the targets of another."""
    student = net()
    taught = model(X)
    learned = student(X, training=True)
    loss_of(taught, learned)


def codes(loop: Callable[..., None], model: Any, loss_of: Any, y: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            loop(model, loss_of, y)
        except tl.ContractError as error:
            return [one.code for one in error.diagnostics]
    return [one.code for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]


CASES = {
    # what                      loop, model, loss, targets, codes
    "logits of a softmax": (inside, net(), L.CategoricalCrossentropy(from_logits=True), ONE_HOT, ["TL605"]),
    "that, with a name between": (by_name, net(), L.CategoricalCrossentropy(from_logits=True), ONE_HOT, ["TL605"]),
    "that, in a traced function": (traced, net(), L.CategoricalCrossentropy(from_logits=True), ONE_HOT, ["TL605"]),
    "no softmax": (inside, net(4, None), L.CategoricalCrossentropy(), ONE_HOT, ["TL604"]),
    "ids for one-hot rows": (inside, net(), L.CategoricalCrossentropy(), IDS, ["TL602"]),
    "a function": (inside, net(), L.categorical_crossentropy, IDS, ["TL602"]),
    "outputs first": (exchanged, net(), L.CategoricalCrossentropy(), ONE_HOT, ["TL745"]),
    "right": (inside, net(), L.CategoricalCrossentropy(), ONE_HOT, []),
    "ids": (by_name, net(), L.SparseCategoricalCrossentropy(), IDS, []),
    "right, in a traced function": (traced, net(), L.CategoricalCrossentropy(), ONE_HOT, []),
    "the same both ways": (exchanged, net(1, None), L.MeanSquaredError(), X[:, :1], []),
    "a softmax of its own": (changed, net(4, None), L.CategoricalCrossentropy(), ONE_HOT, []),
    "a branch that does not run": (one_of_two, net(), L.CategoricalCrossentropy(), ONE_HOT, []),
    "two models": (of_two, net(), L.CategoricalCrossentropy(), None, []),
}


@pytest.mark.parametrize("name", CASES)
def test_loops(name: str) -> None:
    loop, model, loss_of, y, expected = CASES[name]
    assert codes(loop, model, loss_of, y) == expected
