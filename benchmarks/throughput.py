"""Training a small CNN for an epoch of many batches: typed over plain Keras.

    python benchmarks/throughput.py [--rounds 15]

One line for each source of data: the models are built and traced before; what is timed is ``fit`` over 64 batches, with
everything that typed models do at its start.
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

X = np.random.default_rng(0).random((512, 16, 16, 3), dtype="float32")
Y = np.arange(512) % 4
BATCH = 8


def trained(layers: Any, sequential: Any, source: str) -> Callable[[], Any]:
    """An epoch of a model that was trained before."""
    stack = [keras.Input((16, 16, 3)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(4)]
    model = sequential(stack)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    data = (X, Y) if source == "arrays" else (tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH),)
    options = {"batch_size": BATCH} if source == "arrays" else {}
    return lambda: model.fit(*data, **options, verbose=0)  # pyright: ignore


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 15)
    rows = []
    for source in ("arrays", "tf.data"):
        plain, again = (trained(keras.layers, keras.Sequential, source) for _ in range(2))
        typed = {
            mode: trained(tl.layers, functools.partial(tl.Sequential, mode=mode), source)  # pyright: ignore
            for mode in ("strict", "lenient", "off")
        }
        rows.append(Row(source, plain, again, typed))
    measure(rows, rounds=rounds, seconds=0, warmup=2)


if __name__ == "__main__":
    main()
