"""Run by tests/test_threads.py in a process of its own: two logical CPUs, set up before TensorFlow starts.

It prints one line of JSON: what was found in each situation.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)

import keras  # noqa: E402 - devices are set before

import typedlayers as tl  # noqa: E402
from typedlayers import errors, layers  # noqa: E402

errors.raise_faults()
STRATEGY = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


class Sums(tl.Layer):
    """Adds bytes up in bytes: only lenient mode makes floats of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add = layers.Add()

    def call(self, x: Any) -> Any:
        half = keras.ops.cast(x, "uint8")
        return keras.ops.cast(self.add([half, half]), "float32")


class Net(tl.Model):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sums = Sums()
        self.head = layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.head(self.sums(x))


def outcome(action: Any) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            action()
        except tl.ContractError as error:
            return [d.code for d in error.diagnostics]
    return [d.code for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]


X, Y = np.full((8, 4), 100.0, "float32"), np.ones((8, 1), "float32")


def fitted(mode: str, **compiled: Any) -> Any:
    def action() -> None:
        with STRATEGY.scope():
            model = Net(mode=mode)
            model.compile("sgd", "mse", **compiled)
        model.fit(tf.data.Dataset.from_tensor_slices((X, Y)).batch(4), verbose=0)

    return outcome(action)


def wrong_data(source: str) -> Any:
    def action() -> None:
        with STRATEGY.scope():
            model = tl.Sequential([tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
            model.compile("sgd", "mse")
        images, y = np.ones((8, 8, 8, 3), "float32"), np.ones((8, 1), "float32")
        data = tf.data.Dataset.from_tensor_slices((images, y)).batch(4)
        if source == "arrays":
            model.fit(images, y, verbose=0)
        elif source == "dataset":
            model.fit(data, verbose=0)
        else:
            model.fit(STRATEGY.experimental_distribute_dataset(data), steps_per_epoch=2, verbose=0)

    return outcome(action)


def raw_bytes(mode: str) -> Any:
    def action() -> None:
        with STRATEGY.scope():
            model = tl.Sequential(
                [tl.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)], mode=mode
            )
            model.compile("sgd", "mse")
        images = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 1), "uint8")
        model.fit(tf.data.Dataset.from_tensor_slices((images, Y)).batch(4), verbose=0)

    return outcome(action)


def front() -> Any:
    """The layer that lenient mode puts first, and how far the weights are from those of the program mended by hand."""
    images = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 1), "uint8")
    batches = tf.data.Dataset.from_tensor_slices((images, Y)).batch(4)
    made = []
    for mode, first in (("lenient", []), ("strict", [layers.Rescaling(1 / 255)])):
        keras.utils.set_random_seed(1)
        with STRATEGY.scope():
            stack = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)]
            model = tl.Sequential([tl.Input((8, 8, 1)), *first, *stack], mode=mode)
            model.compile("sgd", "mse")
        model.fit(batches, verbose=0, epochs=2)
        made.append(model)
    one, two = (model.predict(batches, verbose=0) for model in made)
    return [type(made[0].layers[0]).__name__, bool(np.allclose(one, two, atol=1e-5))]


class Classifier(tl.Model):
    def __init__(self) -> None:
        super().__init__()
        self.head = layers.Dense(3, activation="softmax")

    def call(self, x: Any) -> Any:
        return self.head(x)


def wrong_targets(kind: str, **compiled: Any) -> Any:
    def action() -> None:
        with STRATEGY.scope():
            head = layers.Dense(3, activation="softmax")
            model = Classifier() if kind == "subclassed" else tl.Sequential([tl.Input((4,)), head])
            model.compile("sgd", "categorical_crossentropy", **compiled)
        model.fit(tf.data.Dataset.from_tensor_slices((X, np.arange(8) % 3)).batch(4), verbose=0)

    return outcome(action)


print(
    json.dumps(
        {
            "strict": fitted("strict"),
            "lenient": fitted("lenient"),
            "off": fitted("off"),
            "strict, several steps": fitted("strict", steps_per_execution=2),
            "arrays": wrong_data("arrays"),
            "dataset": wrong_data("dataset"),
            "distributed": wrong_data("distributed"),
            "targets": wrong_targets("Sequential"),
            "targets, several steps": wrong_targets("Sequential", steps_per_execution=2),
            "targets, subclassed": wrong_targets("subclassed"),
            "bytes, strict": raw_bytes("strict"),
            "bytes, lenient": raw_bytes("lenient"),
            "front": front(),
        }
    )
)
