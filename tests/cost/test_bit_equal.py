"""Seeded training gives the same bits in plain Keras and in every mode that has nothing to repair."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl

SAMPLES, SIZE, BATCH = 20, 8, 4
LABELS = (np.arange(SAMPLES) % 5).astype("int32")
BYTES = np.random.default_rng(0).integers(0, 256, (SAMPLES, SIZE, SIZE, 3)).astype("uint8")
FLOATS = BYTES.astype("float32") / 255


class Batches(keras.utils.PyDataset):
    """Batches by index."""

    def __len__(self) -> int:
        return SAMPLES // BATCH

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        part = slice(index * BATCH, (index + 1) * BATCH)
        return FLOATS[part], LABELS[part]


def endless() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    while True:
        yield from Batches()


def slices(x: np.ndarray) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, LABELS))


# name of the source: what fit is given, and whether the pixels are raw bytes
SOURCES: dict[str, tuple[Callable[[], dict[str, Any]], bool]] = {
    "arrays": (lambda: {"x": FLOATS, "y": LABELS, "batch_size": BATCH}, False),
    "arrays of bytes": (lambda: {"x": BYTES, "y": LABELS, "batch_size": BATCH}, True),
    "validation split": (lambda: {"x": FLOATS, "y": LABELS, "batch_size": BATCH, "validation_split": 0.25}, False),
    "tf.data shuffled and cached": (lambda: {"x": slices(FLOATS).cache().shuffle(SAMPLES, seed=3).batch(BATCH)}, False),
    "tf.data of bytes": (lambda: {"x": slices(BYTES).shuffle(SAMPLES, seed=3).batch(BATCH)}, True),
    "tf.data with validation": (
        lambda: {"x": slices(FLOATS).batch(3), "validation_data": slices(FLOATS).batch(5)},
        False,
    ),
    "generator": (lambda: {"x": endless(), "steps_per_epoch": 3}, False),
    "PyDataset": (lambda: {"x": Batches()}, False),
}


def model_of(layers: Any, sequential: Any, raw: bool) -> Any:
    front = [layers.Rescaling(1 / 255)] if raw else []
    body = [
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Dropout(0.3),
        layers.Flatten(),
        layers.Dense(5, activation="softmax"),
    ]
    return sequential([keras.Input((SIZE, SIZE, 3)), *front, *body])


MADE: dict[str, tuple[Any, Any]] = {
    "plain": (keras.layers, keras.Sequential),
    "strict": (tl.layers, functools.partial(tl.Sequential, mode="strict")),
    "lenient": (tl.layers, functools.partial(tl.Sequential, mode="lenient")),
    "off": (tl.layers, functools.partial(tl.Sequential, mode="off")),
}


@functools.cache
def training(kind: str, source: str, **compile_arguments: Any) -> tuple[dict[str, list[float]], list[bytes], bytes]:
    """Trains for two epochs; returns the history, all weights and the predictions, as bytes."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    data, raw = SOURCES[source]
    model = model_of(*MADE[kind], raw)
    model.compile("sgd", "sparse_categorical_crossentropy", **compile_arguments)
    history = model.fit(**data(), epochs=2, verbose=0)
    predicted = model.predict_on_batch(BYTES if raw else FLOATS)
    if kind != "plain":
        assert not tl.repairs(model)
    return history.history, [w.numpy().tobytes() for w in model.variables], predicted.tobytes()


@pytest.mark.parametrize("source", SOURCES)
def test_training_is_bit_equal(source: str) -> None:
    assert training("strict", source) == training("plain", source)


@pytest.mark.parametrize("source", ["arrays of bytes", "tf.data shuffled and cached"])
@pytest.mark.parametrize("kind", ["lenient", "off"])
def test_training_is_bit_equal_in_every_mode(source: str, kind: str) -> None:
    assert training(kind, source) == training("plain", source)


@pytest.mark.parametrize("arguments", [{"jit_compile": True}, {"run_eagerly": True}, {"steps_per_execution": 3}])
def test_training_is_bit_equal_however_compiled(arguments: dict[str, Any]) -> None:
    source = "tf.data shuffled and cached"
    assert training("strict", source, **arguments) == training("plain", source, **arguments)


def test_control_another_seed_is_seen() -> None:
    plain = training("plain", "tf.data shuffled and cached")
    assert training("plain", "arrays")[1] != plain[1]
