"""The entry methods of a model on ready batches: typed over plain Keras.

    python benchmarks/entry.py [--rounds 61]

One line for each method: the median time of plain Keras, the ratio of a second plain model to the first (A/A), and the
ratios of the strict, the lenient (nothing to repair) and the unchecked model. The design wants at most 1.03. The model
and the batch are small: the ratio is the worst there is. The lines of ``uint8`` are a model that begins with a
Rescaling of the user's own. With ``TYPEDLAYERS_MODE=off`` in the environment nothing is wrapped, and ``off`` alone is
measured: at most 1.005.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras
import numpy as np

import typedlayers as tl

BATCH, FEATURES, CLASSES = 8, 16, 4
MODES = ("off",) if os.environ.get("TYPEDLAYERS_MODE") == "off" else ("strict", "lenient", "off")


def made(layers: Any, sequential: Any, dtype: str) -> Any:
    """A small compiled classifier."""
    front = [layers.Rescaling(1 / 255)] if dtype == "uint8" else []
    stack = [keras.Input((FEATURES,), dtype=dtype), *front]
    model = sequential([*stack, layers.Dense(16, activation="relu"), layers.Dense(CLASSES)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def calls(model: Any, x: Any, y: Any) -> dict[str, Callable[[], Any]]:
    """What is timed of a model."""
    tensor = keras.ops.convert_to_tensor(x)
    return {
        "model(tensor)": lambda: model(tensor),
        "model(array)": lambda: model(x),
        "predict_on_batch": lambda: model.predict_on_batch(x),
        "test_on_batch": lambda: model.test_on_batch(x, y),
        "train_on_batch": lambda: model.train_on_batch(x, y),
        "predict, 4 batches": lambda: model.predict(x, batch_size=2, verbose=0),
        "fit, 4 batches": lambda: model.fit(x, y, batch_size=2, verbose=0),
    }


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 61)
    numbers = np.random.default_rng(0)
    y = numbers.integers(0, CLASSES, BATCH)
    data = {
        "float32": numbers.random((BATCH, FEATURES), dtype="float32"),
        "uint8": numbers.integers(0, 256, (BATCH, FEATURES)).astype("uint8"),
    }
    rows = []
    for dtype, x in data.items():
        plain, again = (calls(made(keras.layers, keras.Sequential, dtype), x, y) for _ in range(2))
        typed = {
            mode: calls(made(tl.layers, functools.partial(tl.Sequential, mode=mode), dtype), x, y)  # pyright: ignore
            for mode in MODES
        }
        rows += [
            Row(f"{name}, {dtype}", plain[name], again[name], {mode: typed[mode][name] for mode in MODES})
            for name in plain
        ]
    measure(rows, rounds=rounds, seconds=0.01)


if __name__ == "__main__":
    main()
