"""The look at the values of a first batch and of whole arrays, over the least and greatest value of the same.

    python benchmarks/first_batch.py [--rounds 31]

One line for each: the median time of min and max, the ratio of min and max to itself (A/A), and the ratio of what
typedlayers looks at. Of inputs that is the range and NaN, of targets their values as labels. Min and max are NumPy's;
of an eager tensor they are TensorFlow's too, ``reduce_min`` and ``reduce_max``. From the second batch on nothing is
looked at: a test counts that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import numpy as np
import tensorflow as tf

from typedlayers.facts.values import Values

Look = Callable[[Any], object]


def inputs(x: Any) -> object:
    """What rules ask of the values of an input."""
    values = Values(x)
    return values.range, values.gaps


def gaps(x: Any) -> object:
    """How many of all values are NaN."""
    return Values(x).gaps


def labels(y: Any) -> object:
    """What rules ask of targets."""
    return Values(y).labels()


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 31)
    rng = np.random.default_rng(0)
    bytes_ = rng.integers(0, 256, (32, 224, 224, 3), dtype="uint8")
    floats = bytes_.astype("float32") / 255
    ids = rng.integers(0, 10, 1_000_000)
    masks = rng.integers(0, 5, (500, 128, 128, 1), dtype="uint8")
    arrays: dict[str, tuple[Any, Look]] = {
        "a batch, uint8 32x224x224x3": (bytes_, inputs),
        "a batch, float32 32x224x224x3": (floats, inputs),
        "NaN, float32 10000x28x28x1": (rng.random((10_000, 28, 28, 1), dtype="float32"), gaps),
        "labels, int64 1000000": (ids, labels),
        "labels, uint8 500x128x128x1": (masks, labels),
        "labels, float32 200000x10 one-hot": (np.eye(10, dtype="float32")[ids[:200_000]], labels),
    }
    rows = [_row(name, array, look, lambda x: (x.min(), x.max())) for name, (array, look) in arrays.items()]
    tensor = tf.constant(floats)
    there = np.asarray(tensor)  # the very numbers: two arrays are more than a cache holds
    rows.append(_row("the same as a tensor, over NumPy", tensor, inputs, lambda _: (there.min(), there.max())))
    rows.append(_row("the same, over TensorFlow", tensor, inputs, lambda x: (tf.reduce_min(x), tf.reduce_max(x))))
    measure(rows, rounds=rounds, seconds=0.02)


def _row(name: str, given: Any, look: Look, ends: Look) -> Row:
    return Row(name, lambda: ends(given), lambda: ends(given), {"looked at": lambda: look(given)})


if __name__ == "__main__":
    main()
