"""From fit() to the message: a ResNet50 that is given class ids where its loss needs one-hot targets.

    python benchmarks/message.py [--rounds 5]

Plain Keras traces the whole network before it refuses; typedlayers reads the specs. One line: both times, as they are,
and plain Keras's time divided by ours; the A/A column is a second plain model beside the first. Each round uses models
that were never trained, because a trace is kept. The time to the message includes its text.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from ratio import rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras
import numpy as np

import typedlayers as tl


def made(typed: bool) -> Any:
    """A compiled ResNet50 for ten classes."""
    keras.utils.clear_session()
    base = keras.applications.ResNet50(weights=None, input_shape=(64, 64, 3), classes=10)
    model = tl.from_keras(base) if typed else base
    model.compile("sgd", "categorical_crossentropy")
    return model


def refused(model: Any, x: Any, y: Any) -> float:
    """Seconds from the call of fit to the text of its error."""
    start = time.perf_counter()
    try:
        model.fit(x, y, batch_size=8, verbose=0)
    except ValueError as error:
        str(error)
        return time.perf_counter() - start
    raise AssertionError("the wrong targets were not refused")


def main() -> None:
    """Prints the line."""
    rounds = rounds_from_command_line(__doc__, 5)
    x = np.random.default_rng(0).random((8, 64, 64, 3), dtype="float32")
    y = np.arange(8) % 10
    times: dict[str, list[float]] = {"plain": [], "again": [], "strict": []}
    for _ in range(rounds):
        for name, seconds in times.items():
            seconds.append(refused(made(name == "strict"), x, y))
    plain, again, strict = (statistics.median(seconds) for seconds in times.values())
    print(
        f"ResNet50, wrong target: plain {plain:.2f} s, A/A {again / plain:.3f}, strict {strict * 1e3:.2f} ms, "
        f"plain/strict {plain / strict:.0f}"
    )


if __name__ == "__main__":
    main()
