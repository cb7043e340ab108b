"""A check leaves nothing behind: strict typedlayers and plain Keras compile to the same program."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from lowering import Factory, Program, lower

import typedlayers as tl


def mlp(layers: Any, sequential: Any) -> Any:
    return sequential(
        [
            keras.Input((16,)),
            layers.Dense(32, activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.2),
            layers.Dense(10),
        ]
    )


def cnn(layers: Any, sequential: Any) -> Any:
    return sequential(
        [
            keras.Input((12, 12, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Conv2D(8, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


SHAPES = {mlp: (4, 16), cnn: (4, 12, 12, 3)}


def forward(build: Any, layers: Any, sequential: Any) -> Factory:
    def factory() -> tuple[Any, tuple[Any, ...]]:
        model = build(layers, sequential)
        return (lambda x: model(x, training=False)), (tf.zeros(SHAPES[build]),)

    return factory


def gradient_step(build: Any, layers: Any, sequential: Any) -> Factory:
    def factory() -> tuple[Any, tuple[Any, ...]]:
        model = build(layers, sequential)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

        def step(x: Any, y: Any) -> list[Any]:
            with tf.GradientTape() as tape:
                value = loss(y, model(x, training=True))
            return [value, *tape.gradient(value, [v.value for v in model.trainable_variables])]

        return step, (tf.zeros(SHAPES[build]), tf.zeros((4,), tf.int32))

    return factory


class Checked:
    """``keras.layers`` with a Dense that looks at values inside the graph: it must be seen to differ."""

    class Dense(keras.layers.Dense):
        def call(self, x: Any, *args: Any, **kwargs: Any) -> Any:
            finite = tf.reduce_all(tf.math.is_finite(x))
            return tf.where(finite, super().call(x, *args, **kwargs), float("nan"))

    def __getattr__(self, name: str) -> Any:
        return getattr(keras.layers, name)


@functools.cache
def program(kind: str, what: Any, build: Any, jit: bool) -> Program:
    """The program of a model: of one made twice in the same way only once."""
    made = {
        "plain": (keras.layers, keras.Sequential),
        "strict": (tl.layers, functools.partial(tl.Sequential, mode="strict")),
        "typed layers in a plain model": (tl.layers, keras.Sequential),
        "value check": (Checked(), keras.Sequential),
    }
    return lower(what(build, *made[kind]), jit=jit)


@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("what", [forward, gradient_step])
@pytest.mark.parametrize("build", [mlp, cnn])
def test_same_program_as_plain_keras(build: Any, what: Any, jit: bool) -> None:
    plain, strict = program("plain", what, build, jit), program("strict", what, build, jit)
    assert strict.traces == plain.traces == 1
    assert strict.nodes == plain.nodes
    assert strict.hlo == plain.hlo
    assert bool(plain.hlo) == jit


@pytest.mark.parametrize("what", [forward, gradient_step])
def test_same_program_in_a_plain_model(what: Any) -> None:
    kind = "typed layers in a plain model"
    assert program(kind, what, mlp, False) == program("plain", what, mlp, False)


@pytest.mark.parametrize("what", [forward, gradient_step])
def test_control_a_value_check_in_the_graph_is_seen(what: Any) -> None:
    plain, checked = program("plain", what, mlp, True), program("value check", what, mlp, True)
    assert checked.nodes != plain.nodes
    assert checked.hlo != plain.hlo


@pytest.mark.parametrize(("other", "size"), [(1 / 256, 5), (1 / 255, 6)], ids=["another constant", "another shape"])
def test_control_a_small_difference_is_seen(other: float, size: int) -> None:
    def scaled(factor: float, size: int) -> Factory:
        return lambda: ((lambda x: tf.cast(x, tf.float32) * factor), (tf.zeros((4, size), tf.uint8),))

    assert lower(scaled(1 / 255, 5), jit=True).hlo == lower(scaled(1 / 255, 5), jit=True).hlo
    assert lower(scaled(1 / 255, 5), jit=True).hlo != lower(scaled(other, size), jit=True).hlo


def trained(layers: Any, sequential: Any, source: str, **compile_arguments: Any) -> tuple[int, int, dict[str, Any]]:
    """Trains for two epochs; returns how often ``train_step`` and the loss were run by Python, and the history."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    counts = {"step": 0, "loss": 0}

    class Counting(sequential):
        def train_step(self, data: Any) -> Any:
            counts["step"] += 1
            return super().train_step(data)

    def loss(true: Any, predicted: Any) -> Any:
        counts["loss"] += 1
        return keras.ops.mean(keras.losses.sparse_categorical_crossentropy(true, predicted, from_logits=True))

    x = np.linspace(0, 1, 20 * 16, dtype="float32").reshape(20, 16)
    y = (np.arange(20) % 10).astype("int32")
    model = Counting([keras.Input((16,)), layers.Dense(8), layers.Dropout(0.2), layers.Dense(10)])
    model.compile("sgd", loss, **compile_arguments)
    if source == "arrays":
        history = model.fit(x, y, batch_size=4, epochs=2, verbose=0)
    else:
        history = model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(4), epochs=2, verbose=0)
    return counts["step"], counts["loss"], history.history


@pytest.mark.parametrize("source", ["arrays", "tf.data"])
@pytest.mark.parametrize(
    "arguments",
    [
        {"jit_compile": False},
        {"jit_compile": True},
        {"jit_compile": False, "steps_per_execution": 3},
        {"run_eagerly": True},
    ],
    ids=["graph", "xla", "steps_per_execution", "eager"],
)
def test_fit_traces_as_often_as_plain_keras(source: str, arguments: dict[str, Any]) -> None:
    plain = trained(keras.layers, keras.Sequential, source, **arguments)
    strict = trained(tl.layers, tl.Sequential, source, **arguments)
    assert strict == plain
    assert plain[0] >= 1
