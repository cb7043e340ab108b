"""Lenient mode on raw uint8 images against plain Keras on ready float32 ones, compiled by XLA and not.

    python benchmarks/repair.py [--rounds 31]

One line for each way to run the model. The base is plain Keras fed with float32 images made beforehand; A/A is another
such model; ``lenient`` was trained on ready floats, is fed with bytes and scales them in its graph; ``front`` was
trained on bytes and has the layer that lenient mode put in front of it; ``Rescaling`` is plain Keras with that layer
typed by hand; ``NumPy`` scales on the host before every call. The last lines are the repair alone, of a large eager
batch: the base is the copy of a float32 array of that size (one pass over memory).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl
from typedlayers.adapters.eager import repaired
from typedlayers.diagnostics.model import Repair

BYTES = np.random.default_rng(0).integers(0, 256, (32, 32, 32, 3)).astype("uint8")
FACTOR = np.float32(1 / 255)
READY = BYTES * FACTOR
LABELS = (np.arange(32) % 10).astype("int32")


def made(layers: Any, sequential: Any, jit: bool, *front: Any) -> Any:
    """A small image classifier, compiled."""
    stack = [
        keras.Input((32, 32, 3)),
        *front,
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10),
    ]
    model = sequential(stack)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=jit)
    return model


def in_a_model(jit: bool) -> list[Row]:
    """A training step and a prediction."""
    plain = functools.partial(made, keras.layers, keras.Sequential, jit)
    base, again, host, scaled = plain(), plain(), plain(), plain(keras.layers.Rescaling(1 / 255))
    lenient = made(tl.layers, functools.partial(tl.Sequential, mode="lenient"), jit)
    lenient.train_on_batch(READY, LABELS)  # ready floats that fill [0, 1]: bytes are scaled by their dtype from now on
    lenient.predict_on_batch(BYTES)
    assert [entry.repair.kind for entry in tl.repairs(lenient)] == ["rescale"]
    front = made(tl.layers, functools.partial(tl.Sequential, mode="lenient"), jit)
    front.train_on_batch(BYTES, LABELS)
    assert isinstance(front.layers[0], keras.layers.Rescaling)
    tag = ", XLA" if jit else ""

    def row(name: str, run: Callable[[Any, Any], Any]) -> Row:
        others = {
            "lenient": lambda: run(lenient, BYTES),
            "front": lambda: run(front, BYTES),
            "Rescaling": lambda: run(scaled, BYTES),
            "NumPy": lambda: run(host, BYTES * FACTOR),
        }
        return Row(name + tag, lambda: run(base, READY), lambda: run(again, READY), others)

    return [
        row("train_on_batch", lambda model, x: model.train_on_batch(x, LABELS)),
        row("predict_on_batch", lambda model, x: model.predict_on_batch(x)),
    ]


def alone() -> list[Row]:
    """The repair of one large eager batch, by the compiled cache and by ops."""
    big = np.random.default_rng(0).integers(0, 256, (32, 224, 224, 3)).astype("uint8")
    tensor, floats = tf.constant(big), big.astype("float32")
    unit = Repair("rescale", dtype="float32", scale=1 / 255)
    others = {
        "lenient": lambda: repaired(unit, tensor),
        "Rescaling": lambda: keras.layers.Rescaling(1 / 255)(tensor),
        "NumPy": lambda: big * FACTOR,
    }
    return [Row("32x224x224x3 alone", lambda: np.copy(floats), lambda: np.copy(floats), others)]


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 31)
    measure([*in_a_model(jit=False), *in_a_model(jit=True), *alone()], rounds=rounds, seconds=0.03)


if __name__ == "__main__":
    main()
