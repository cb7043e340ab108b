"""A forgotten Flatten: a custom layer around Dense, meant for rows of features, is given images.

Dense works on the last axis of whatever it gets, so plain Keras takes images of (8, 8, 1) without a word and gives
ten probabilities for every pixel. Only the loss notices, and speaks of the loss. The annotations of `call` say what
was meant; typed layers read them.

    python forgotten_flatten.py                    typed layers, strict mode: stops at the layer and says where
    python forgotten_flatten.py --mode lenient     typed layers, lenient mode: repairs it and says what
    python forgotten_flatten.py --library keras    plain Keras
    python forgotten_flatten.py --fixed            the program corrected by hand
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import typedlayers as tl

EPOCHS = 10


def classifier(keras: ModuleType) -> Any:
    """The custom layer, derived from the ``Layer`` of plain or typed Keras."""

    class Classifier(keras.layers.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.dense = keras.layers.Dense(10, activation="softmax")

        def call(self, features: Float[tl.Tensor, "batch features"]) -> Float[tl.Tensor, "batch 10"]:
            return self.dense(features)

    return Classifier(name="digit")


def mistaken(keras: ModuleType) -> Any:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            classifier(keras),
        ]
    )


def corrected(keras: ModuleType) -> Any:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            keras.layers.Flatten(),
            classifier(keras),
        ]
    )


def digits(seed: int) -> list[Any]:
    """Handwritten digits, grey values 0 to 1: images to train and to test with, then the labels of both."""
    found: Any = load_digits()
    images = (found.images / 16).astype("float32")[..., np.newaxis]
    return train_test_split(images, found.target, test_size=0.2, stratify=found.target, random_state=seed)


def program(keras: ModuleType, write: Callable[..., Any], *, epochs: int, seed: int) -> tuple[Any, dict[str, Any]]:
    """Calls, trains and tests the program as ``write`` (`mistaken` or `corrected`) has it; gives model and figures."""
    keras.utils.set_random_seed(seed)
    train_x, test_x, train_y, test_y = digits(seed)
    model = write(keras)
    figures: dict[str, Any] = {"5 images give": str(tuple(model(test_x[:5]).shape))}
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    try:
        model.fit(train_x, train_y, epochs=epochs, verbose=0)
    except ValueError as error:  # of the loss, in plain Keras
        return model, figures | {"ends": f"in {type(error).__name__}: {error}"}
    _, accuracy = model.evaluate(test_x, test_y, verbose=0)
    return model, figures | {"test accuracy": accuracy}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", choices=("typedlayers", "keras"), default="typedlayers")
    parser.add_argument("--mode", choices=("strict", "lenient", "off"), default="strict")
    parser.add_argument("--fixed", dest="write", action="store_const", const=corrected, default=mistaken)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    keras = importlib.import_module({"typedlayers": "typedlayers.keras", "keras": "keras"}[chosen.library])
    try:
        with tl.mode(chosen.mode):
            model, figures = program(keras, chosen.write, epochs=chosen.epochs, seed=chosen.seed)
    except tl.ContractError as error:
        sys.exit(str(error))
    for name, figure in figures.items():
        print(f"{name}: {figure:.3g}" if isinstance(figure, float) else f"{name}: {figure}")
    for entry in tl.repairs(model):
        print(f"repaired: {entry}")


if __name__ == "__main__":
    main()
