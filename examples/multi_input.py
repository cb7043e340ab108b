"""A functional model with two inputs and two outputs, by name: a picture of a digit and where it was written.

Inputs that are exchanged are told by their names.

    python multi_input.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from typedlayers import keras, layers


def network() -> keras.Model:
    picture = keras.Input((8, 8, 1), name="picture")
    place = keras.Input((2,), name="place")
    x = layers.Conv2D(16, 3, activation="relu")(picture)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, place])
    x = layers.Dense(64, activation="relu")(x)
    outputs = {
        "digit": layers.Dense(10, activation="softmax", name="digit")(x),
        "left": layers.Dense(1, activation="sigmoid", name="left")(x),
    }
    return keras.Model({"picture": picture, "place": place}, outputs, name="reader")


def letters() -> tuple[dict[str, Any], dict[str, Any]]:
    """Pictures and places in the unit square; the digits and whether they stand on the left."""
    found: Any = load_digits()
    place = np.random.default_rng(0).random((len(found.target), 2)).astype("float32")
    picture = (found.images / 16).astype("float32")[..., np.newaxis]
    return {"picture": picture, "place": place}, {"digit": found.target, "left": place[:, 0] < 0.5}


def main() -> None:
    keras.utils.set_random_seed(0)
    x, y = letters()
    model = network()
    model.compile(
        keras.optimizers.Adam(0.01),
        loss={"digit": "sparse_categorical_crossentropy", "left": "binary_crossentropy"},
        metrics={"digit": "accuracy", "left": "accuracy"},
    )
    model.fit(x, y, epochs=3, verbose=0)
    scores = model.evaluate(x, y, return_dict=True, verbose=0)
    print(f"digits read: {scores['digit_accuracy']:.3f}")
    print(f"sides told: {scores['left_accuracy']:.3f}")

    try:
        model.predict({"picture": x["place"], "place": x["picture"]}, verbose=0)
    except ValueError as error:  # tl.ContractError is one
        print(f"refused: {error}")


if __name__ == "__main__":
    main()
