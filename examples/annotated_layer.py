"""A custom layer that says what it takes: the annotations of ``call`` are its contract.

Attention pooling weighs the steps of a sequence and leaves padding out. A mask of another batch broadcasts: plain
Keras takes it and pools every sequence with the padding of the first.

    python annotated_layer.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

import typedlayers as tl
from typedlayers import keras, layers


class AttentionPooling(keras.layers.Layer):
    """One row of ``units`` values for each sequence."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.score = layers.Dense(1)
        self.value = layers.Dense(units)

    def call(
        self,
        steps: Float[tl.Tensor, "batch time features"],
        keep: Bool[tl.Tensor, "batch time"],
    ) -> Float[tl.Tensor, "batch {self.units}"]:
        score = keras.ops.where(keep[..., None], self.score(steps), -1e9)
        return keras.ops.sum(keras.ops.softmax(score, axis=1) * self.value(steps), axis=1)


def sequences(count: int, seed: int) -> tuple[Any, Any, Any]:
    """Sequences of unequal length with their masks, and whether the first feature is positive on the whole."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(count, 12, 4)).astype("float32")
    keep = np.arange(12) < rng.integers(3, 13, size=(count, 1))
    return steps, keep, ((steps[..., 0] * keep).sum(axis=1) > 0).astype("float32")


def main() -> None:
    keras.utils.set_random_seed(0)
    steps, keep, label = sequences(400, seed=0)

    step_in = keras.Input((None, 4), name="steps")
    keep_in = keras.Input((None,), dtype="bool", name="keep")
    pooled = AttentionPooling(8, name="pooling")(step_in, keep_in)
    model = keras.Model([step_in, keep_in], layers.Dense(1, activation="sigmoid")(pooled))
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    model.fit([steps, keep], label, epochs=4, verbose=0)
    steps, keep, label = sequences(200, seed=1)
    print(f"test accuracy: {model.evaluate([steps, keep], label, verbose=0)[1]:.3f}")

    try:
        AttentionPooling(8, name="lone")(steps[:5], keep[:1])
    except tl.ContractError as error:
        print(f"refused: {error}")


if __name__ == "__main__":
    main()
