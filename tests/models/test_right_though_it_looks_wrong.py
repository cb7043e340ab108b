"""Programs that train and that a cruder rule would stop: each was stopped once."""

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

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(20, 4)).astype("float32")
ROWS = np.eye(3)[RNG.integers(0, 3, 20)]
ADVANTAGES = RNG.normal(size=(20, 1)) * 5
IMAGES = RNG.integers(0, 256, (8, 16, 16, 3)).astype("float32")
SEQUENCES = np.ones((8, 5, 2), "float32")


def fitted(stack: list[Any], loss: str, x: Any, y: Any = None, **fit: Any) -> Any:
    model = tl.Sequential(stack)
    model.compile("sgd", loss)
    model.fit(x, y, verbose=0, **fit)
    return model


def head(units: int, activation: str) -> list[Any]:
    return [tl.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(units, activation=activation)]


def of_complex_numbers(front: Callable[[Any], Any]) -> None:
    x = tl.Input((8,), dtype="complex64")
    model = tl.Model(x, layers.Dense(1)(front(x)))
    model.predict(np.ones((2, 8), "complex64"), verbose=0)


def both_parts(x: Any) -> Any:
    return tf.concat([tf.math.real(x), tf.math.imag(x)], -1)


class Packer(tl.Layer):
    """Cuts to a length that its call can be told, as packers of keras-hub do."""

    def call(self, x: Any, length: int = 8) -> Any:
        return x[:, :length]

    def compute_output_shape(self, shape: Any) -> Any:
        return shape[0], 8


def of_images(*front: Any) -> Any:
    stack = [*front, layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2, activation="softmax")]
    return tl.Sequential([tl.Input((16, 16, 3)), *stack])


def after_training(x: Any, *front: Any) -> Any:
    model = of_images(*front)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, np.arange(8) % 2, verbose=0)
    return model


def in_a_function() -> None:
    model, undeclared = tl.Sequential([tl.Input((4,)), layers.Dense(2)]), tl.Sequential([layers.Dense(2)])
    image = of_images(layers.Rescaling(1 / 255))
    table, picture = tf.constant(TABLE), tf.constant(IMAGES)

    @tf.function
    def run() -> Any:
        return model(table), undeclared(table), image(picture)

    run()


def stateful() -> list[Any]:
    return [layers.LSTM(4, stateful=True, return_sequences=True), layers.GRU(3, stateful=True), layers.Dense(1)]


def batches_of_four() -> Any:
    return tf.data.Dataset.from_tensor_slices((SEQUENCES, np.ones((8, 1)))).batch(4, drop_remainder=True)


CROSS = "categorical_crossentropy"

SILENT: dict[str, Callable[[], Any]] = {
    "complex numbers that a Lambda takes apart": lambda: of_complex_numbers(
        layers.Lambda(both_parts, output_shape=(16,))
    ),
    "complex numbers that ops take apart": lambda: of_complex_numbers(
        lambda x: keras.ops.concatenate([keras.ops.real(x), keras.ops.imag(x)], -1)
    ),
    "their absolute values": lambda: of_complex_numbers(lambda x: layers.Flatten()(keras.ops.abs(x))),
    "advantages times one-hot rows": lambda: fitted(head(3, "softmax"), CROSS, TABLE, ROWS * ADVANTAGES),
    "class weights times one-hot rows": lambda: fitted(head(3, "softmax"), CROSS, TABLE, ROWS * [1.0, 2.0, 5.0]),
    "a result that an argument of the call decides": lambda: Packer()(np.ones((3, 20), "float32"), length=9),
    "black images after a training on bytes": lambda: after_training(IMAGES, layers.Rescaling(1 / 255)).predict(
        np.zeros((1, 16, 16, 3), "float32"), verbose=0
    ),
    "black bytes after a training on a unit range": lambda: after_training(IMAGES / 255).predict(
        np.zeros((1, 16, 16, 3), "uint8"), verbose=0
    ),
    "models called on constants in a function": in_a_function,
    "kept states without an Input": lambda: fitted(
        stateful(), "mse", SEQUENCES, np.ones((8, 5, 1))[:, 0], batch_size=4, shuffle=False
    ),
    "kept states, batches of a dataset": lambda: fitted(stateful(), "mse", batches_of_four()),
}

WARNED: dict[str, tuple[Callable[[], Any], str]] = {
    "noisy labels": (
        lambda: fitted(head(1, "sigmoid"), "binary_crossentropy", TABLE, RNG.uniform(0, 1, (20, 1)) * 1.06),
        "TL606",
    ),
    "standardized targets": (
        lambda: fitted(head(1, "tanh"), "mse", TABLE, np.linspace(-2, 2, 20)[:, None]),
        "TL607",
    ),
    "noise to warm up a model that scales": (
        lambda: of_images(layers.Rescaling(1 / 255)).predict(RNG.random((1, 16, 16, 3)), verbose=0),
        "TL404",
    ),
    "noise to warm up a model that was trained on bytes": (
        lambda: after_training(IMAGES, layers.BatchNormalization()).predict(RNG.random((1, 16, 16, 3)), verbose=0),
        "TL406",
    ),
}

CERTAIN: dict[str, tuple[Callable[[], Any], str]] = {
    "labels -1 and 1": (
        lambda: fitted(head(1, "sigmoid"), "binary_crossentropy", TABLE, np.where(ADVANTAGES > 0, 1, -1)),
        "TL606",
    ),
    "labels 0 and 255": (
        lambda: fitted(head(1, "sigmoid"), "binary_crossentropy", TABLE, np.where(ADVANTAGES > 0, 255, 0)),
        "TL606",
    ),
    "ids": (
        lambda: fitted(head(1, "sigmoid"), "binary_crossentropy", TABLE, np.arange(20)[:, None] % 3),
        "TL606",
    ),
    "prices and tanh": (lambda: fitted(head(1, "tanh"), "mse", TABLE, np.linspace(5, 50, 20)[:, None]), "TL607"),
    "complex numbers as they are": (lambda: of_complex_numbers(layers.Flatten()), "TL303"),
    "kept states, and a rest": (
        lambda: fitted(stateful()[1:], "mse", SEQUENCES, np.ones((8, 1)), batch_size=3, shuffle=False),
        "TL703",
    ),
}


def said(program: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """The codes of the errors and of the warnings of a program."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program()
            errors: list[str] = []
        except tl.ContractError as error:
            errors = [one.code for one in error.diagnostics]
    told = [
        one
        for warning in caught
        if isinstance(warning.message, tl.ContractWarning)
        for one in warning.message.diagnostics
    ]
    return errors, [one.code for one in told]


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_said(name: str) -> None:
    assert said(SILENT[name]) == ([], [])


@pytest.mark.parametrize("name", WARNED)
def test_it_is_a_warning(name: str) -> None:
    program, code = WARNED[name]
    assert said(program) == ([], [code])


@pytest.mark.parametrize("name", CERTAIN)
def test_the_mistake_beside_it_is_an_error(name: str) -> None:
    program, code = CERTAIN[name]
    assert said(program) == ([code], [])


@pytest.mark.parametrize("x", [TABLE, tf.data.Dataset.from_tensor_slices(TABLE).batch(4)], ids=["array", "dataset"])
def test_inputs_alone_are_a_legal_question(x: Any) -> None:
    model = tl.Sequential(head(3, "softmax"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    report = tl.check(model, x)
    assert report.ok
    assert "targets and loss" in "".join(map(str, report.unchecked))


def test_what_range_training_had_ends_the_question_of_bytes() -> None:
    model = after_training(IMAGES / 255)
    assert said(lambda: model.predict(IMAGES.astype("uint8"), verbose=0)) == (["TL406"], [])
    assert tl.check(model, IMAGES.astype("uint8")).ok
