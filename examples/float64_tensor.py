"""A float64 tensor for Dense: bytes / 255 is float64 in NumPy, and tf.constant keeps it so.

Plain Keras casts the tensor to float32 without a word. Here that costs nothing that the accuracy shows; where
double precision was wanted (time stamps, money, coordinates) it is lost unseen.

    python float64_tensor.py                    typed layers, strict mode: stops before the first step and says where
    python float64_tensor.py --mode lenient     typed layers, lenient mode: repairs it and says what
    python float64_tensor.py --library keras    plain Keras
    python float64_tensor.py --fixed            the program corrected by hand
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import typedlayers as tl

EPOCHS = 10


def mistaken(images: np.ndarray) -> tf.Tensor:
    return tf.constant(images.reshape(-1, 64) / 255)


def corrected(images: np.ndarray) -> tf.Tensor:
    return tf.constant(images.reshape(-1, 64) / 255, dtype="float32")


def digits(seed: int) -> list[Any]:
    """Handwritten digits as bytes: images to train and to test with, then the labels of both."""
    found: Any = load_digits()
    images = np.round(found.images * (255 / 16)).astype("uint8")
    return train_test_split(images, found.target, test_size=0.2, stratify=found.target, random_state=seed)


def program(keras: ModuleType, write: Callable[..., Any], *, epochs: int, seed: int) -> tuple[Any, dict[str, Any]]:
    """Trains and tests the program as ``write`` (`mistaken` or `corrected`) has it; gives the model and its figures."""
    keras.utils.set_random_seed(seed)
    train_images, test_images, train_y, test_y = digits(seed)
    train_x, test_x = write(train_images), write(test_images)
    model = keras.Sequential(
        [
            keras.Input((64,), name="pixels"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train_x, train_y, epochs=epochs, verbose=0)
    _, accuracy = model.evaluate(test_x, test_y, verbose=0)
    rounded = tf.cast(tf.cast(train_x, model.compute_dtype), train_x.dtype)
    return model, {
        "tensor given": train_x.dtype.name,
        "computed in": model(test_x[:1]).dtype.name,
        "rounded by up to": float(tf.reduce_max(tf.abs(train_x - rounded))),
        "test accuracy": accuracy,
    }


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
