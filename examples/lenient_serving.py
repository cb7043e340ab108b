"""Lenient mode in production: requests come as clients send them, and each repair stands in the ledger.

The model learned from float32 images between 0 and 1. Clients send the bytes of image files, or float64 from Python:
the model's entry makes of them what it learned from. Plain Keras takes the bytes for images 255 times as bright, and
is certain of wrong answers.

    python lenient_serving.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

import typedlayers as tl
from typedlayers import keras, layers


def trained(images: Any, labels: Any) -> keras.Sequential:
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax", name="digit"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=4, verbose=0)
    return model


def main() -> None:
    found: Any = load_digits()
    images = (found.images / 16)[..., np.newaxis]
    model = trained(images[:1400].astype("float32"), found.target[:1400])
    requests = {
        "float32 as trained": images[1400:].astype("float32"),
        "float64 tensor": tf.constant(images[1400:]),
        "bytes": np.round(images[1400:] * 255).astype("uint8"),
    }
    with tl.mode("lenient"):
        for name, batch in requests.items():
            loss = keras.losses.sparse_categorical_crossentropy(found.target[1400:], model(batch))
            print(f"loss of {name}: {np.mean(loss):.2f}")
    for entry in tl.repairs(model):
        print(f"repaired: {entry}")


if __name__ == "__main__":
    main()
