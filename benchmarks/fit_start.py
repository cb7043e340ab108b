"""From fit() to the end of its first epoch of one batch, tracing included: typed over plain Keras.

    python benchmarks/fit_start.py [--rounds 7]

One line for each source of data: a new model is built, compiled and trained for one batch in every round. What typed
models do before the first step (checks, the look at the first batch) is in it, and so is Keras's own tracing.
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

X = np.random.default_rng(0).random((8, 16, 16, 3), dtype="float32")
Y = np.arange(8) % 4


def started(layers: Any, sequential: Any, data: Callable[[], tuple[Any, ...]], jit: bool) -> Callable[[], Any]:
    """A new model, trained for one batch."""

    def work() -> None:
        keras.utils.clear_session()
        stack = [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(4),
        ]
        model = sequential(stack)
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=jit)
        model.fit(*data(), verbose=0)

    return work


def arrays() -> tuple[Any, ...]:
    """One batch in arrays."""
    return X, Y


def dataset() -> tuple[Any, ...]:
    """One batch in a data set: typed models look at it as fit draws it."""
    return (tf.data.Dataset.from_tensor_slices((X, Y)).batch(8),)


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 7)
    rows = []
    for name, data, jit in (
        ("arrays", arrays, False),
        ("tf.data", dataset, False),
        ("tf.data, jit_compile", dataset, True),
    ):
        plain, again = (started(keras.layers, keras.Sequential, data, jit) for _ in range(2))
        typed = {
            mode: started(tl.layers, functools.partial(tl.Sequential, mode=mode), data, jit)
            for mode in ("strict", "off")
        }
        rows.append(Row(name, plain, again, typed))
    measure(rows, rounds=rounds, seconds=0, warmup=1)


if __name__ == "__main__":
    main()
