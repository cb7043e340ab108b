"""Building a Sequential of fifty layers: typed over plain Keras.

    python benchmarks/build.py [--rounds 9]

One line for each kind of layer: the median time to build, the ratio of plain Keras to itself (A/A), and the ratios in
strict mode and in mode off. A check costs once per layer, when the model is built.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras

import typedlayers as tl

LAYERS = 50


def mixed(layers: Any, sequential: Any) -> Any:
    """Twenty-five pairs of Dense and Dropout."""
    pairs = [layer for _ in range(LAYERS // 2) for layer in (layers.Dense(8), layers.Dropout(0.1))]
    return sequential([keras.Input((8,)), *pairs])


def convolutions(layers: Any, sequential: Any) -> Any:
    """Fifty convolutions, their contracts depending on each instance."""
    return sequential([keras.Input((16, 16, 2)), *(layers.Conv2D(2, 3, padding="same") for _ in range(LAYERS))])


def fresh(build: Callable[[Any, Any], Any], layers: Any, sequential: Any) -> Callable[[], Any]:
    """A build in a session of its own, so that names and graphs do not pile up."""

    def work() -> None:
        keras.utils.clear_session()
        build(layers, sequential)

    return work


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 9)
    rows = []
    for name, build in {"25 Dense + Dropout": mixed, "50 Conv2D": convolutions}.items():
        typed = {
            mode: fresh(build, tl.layers, functools.partial(tl.Sequential, mode=mode)) for mode in ("strict", "off")
        }
        again = fresh(build, keras.layers, keras.Sequential)
        contexts = {mode: functools.partial(tl.mode, mode) for mode in typed}
        rows.append(Row(name, fresh(build, keras.layers, keras.Sequential), again, typed, contexts))
    measure(rows, rounds=rounds, seconds=0, warmup=1)


if __name__ == "__main__":
    main()
