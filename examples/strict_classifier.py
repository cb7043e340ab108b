"""A classifier in strict mode: a draft with two mistakes is refused whole, before any data; its correction trains.

Plain Keras (``from keras import layers`` and ``import keras`` in the place of the two imports) stops at the first of
the two mistakes and does not know of the second.

    python strict_classifier.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from typedlayers import keras, layers


def draft() -> keras.Sequential:
    """Images come without the axis of channels, and a convolution leaves 36 values each, not 64."""
    return keras.Sequential(
        [
            keras.Input((8, 8), name="image"),
            layers.Conv2D(16, 3, activation="relu", name="strokes"),
            layers.Reshape((64, 16), name="places"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(10, activation="softmax", name="digit"),
        ]
    )


def corrected() -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(16, 3, activation="relu", name="strokes"),
            layers.Reshape((36, 16), name="places"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(10, activation="softmax", name="digit"),
        ]
    )


def digits() -> list[Any]:
    """Handwritten digits, grey values 0 to 1: images to train and to test with, then the labels of both."""
    found: Any = load_digits()
    images = (found.images / 16).astype("float32")[..., np.newaxis]
    return train_test_split(images, found.target, test_size=0.2, random_state=0)


def main() -> None:
    try:
        draft()
    except ValueError as error:  # tl.ContractError is one, so that code for Keras's own errors goes on working
        print(error)

    keras.utils.set_random_seed(0)
    train_x, test_x, train_y, test_y = digits()
    model = corrected()
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train_x, train_y, epochs=4, verbose=0)
    print(f"test accuracy: {model.evaluate(test_x, test_y, verbose=0)[1]:.3f}")


if __name__ == "__main__":
    main()
