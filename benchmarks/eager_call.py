"""The eager call of one layer, and of a model: typed over plain Keras.

    python benchmarks/eager_call.py [--rounds 101]

One line for each layer: the median time of a plain call, the ratio of a second plain layer to the first (A/A), and
the ratios of the typed layer in strict mode and in mode off. The design wants strict at 0.97 to 1.01 for layers that
have an InputSpec (Dense, Conv2D, Flatten, MaxPooling2D, BatchNormalization: there the look-up replaces Keras's own
check) and at most 1.05 for the others. Tensors are small: the
ratio is the worst there is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ratio import Row, measure, rounds_from_command_line

# ratio comes first: it sets the environment that TensorFlow reads
# isort: split
import keras
import tensorflow as tf
from jaxtyping import Float

import typedlayers as tl


class Plain(keras.layers.Layer):
    """A user's layer without annotations."""

    def call(self, x: Any) -> Any:
        return keras.ops.multiply(x, 2.0)


class Annotated(tl.Layer):
    """The same layer with annotations: they are its contract."""

    def call(self, x: Float[tl.Tensor, "batch features"]) -> Float[tl.Tensor, "batch features"]:
        return keras.ops.multiply(x, 2.0)


def around(layers: Any) -> Any:
    """A user's layer without annotations around a Dense of some module."""

    class Around(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(16)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    return Around()


def layers_of(layers: Any) -> dict[str, tuple[Callable[[], Any], Any]]:
    """Each layer with a tensor for it."""
    image = tf.random.uniform((2, 12, 12, 3))
    return {
        "Dense": (lambda: layers.Dense(16), tf.random.uniform((4, 16))),
        "Conv2D": (lambda: layers.Conv2D(4, 3), image),
        "MaxPooling2D": (lambda: layers.MaxPooling2D(), image),
        "Flatten": (lambda: layers.Flatten(), image),
        "BatchNormalization": (lambda: layers.BatchNormalization(), image),
        "Embedding": (lambda: layers.Embedding(100, 8), tf.ones((4, 8), tf.int32)),
        "Dropout": (lambda: layers.Dropout(0.5), image),
        "Rescaling": (lambda: layers.Rescaling(1 / 255), image),
        "Activation": (lambda: layers.Activation("relu"), image),
        "Add": (lambda: layers.Add(), [image, image]),
        "Concatenate": (lambda: layers.Concatenate(), [image, image]),
        "Layer around Dense": (lambda: around(layers), tf.random.uniform((4, 16))),
    }


def model_of(layers: Any, sequential: Any) -> Any:
    """A small classifier."""
    return sequential(
        [
            keras.Input((12, 12, 3)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def row(name: str, plain: Callable[[], Any], typed: Callable[[], Any], x: Any) -> Row:
    """A plain layer, another plain one, and two typed ones."""
    first, second, strict, off = plain(), plain(), typed(), typed()
    others = {"strict": lambda: strict(x), "off": lambda: off(x)}
    return Row(name, lambda: first(x), lambda: second(x), others, {"off": lambda: tl.mode("off")})


def main() -> None:
    """Prints the table."""
    rounds = rounds_from_command_line(__doc__, 101)
    plain, typed = layers_of(keras.layers), layers_of(tl.layers)
    rows = [row(name, plain[name][0], typed[name][0], plain[name][1]) for name in plain]
    rows.append(row("annotated Layer", Plain, Annotated, tf.random.uniform((4, 16))))
    rows.append(
        row(
            "model call",
            lambda: model_of(keras.layers, keras.Sequential),
            lambda: model_of(tl.layers, tl.Sequential),
            tf.random.uniform((2, 12, 12, 3)),
        )
    )
    measure(rows, rounds=rounds, seconds=0.006)


if __name__ == "__main__":
    main()
