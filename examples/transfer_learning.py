"""Transfer learning: a backbone that learned five digits is frozen and reads the other five.

Pictures come as bytes, as image files hold them, and the model scales them. It remembers what it was trained on:
pictures that somebody has scaled already would be scaled twice, and strict mode refuses them.

    python transfer_learning.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_digits

import typedlayers as tl
from typedlayers import keras, layers


def backbone() -> keras.Model:
    picture = keras.Input((8, 8, 1), name="picture")
    x = layers.Conv2D(16, 3, activation="relu")(picture)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    return keras.Model(picture, layers.Flatten()(x), name="backbone")


def classifier(*stages: Any) -> keras.Sequential:
    model = keras.Sequential([*stages, layers.Dense(5, activation="softmax", name="digit")])
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main() -> None:
    keras.utils.set_random_seed(0)
    found: Any = load_digits()
    pictures = np.round(found.images * (255 / 16)).astype("uint8")[..., np.newaxis]
    low, high = found.target < 5, found.target >= 5

    base = backbone()
    classifier(layers.Rescaling(1 / 255), base).fit(pictures[low], found.target[low], epochs=4, verbose=0)
    base.trainable = False

    tuned = classifier(layers.Rescaling(1 / 255), layers.RandomTranslation(0.1, 0.1, seed=0), base)
    tuned.fit(pictures[high], found.target[high] - 5, epochs=4, verbose=0)
    accuracy = tuned.evaluate(pictures[high], found.target[high] - 5, verbose=0)[1]
    print(f"weights that learn: {len(tuned.trainable_weights)}")
    print(f"accuracy: {accuracy:.3f}")

    try:
        tuned.predict((pictures[high] / 255).astype("float32"), verbose=0)
    except tl.ContractError as error:
        print(f"refused: {error}")


if __name__ == "__main__":
    main()
