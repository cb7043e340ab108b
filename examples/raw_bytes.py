"""Raw bytes for Conv2D: images of 0..255 go from tf.data to the first weights as they are.

Plain Keras casts them to float32 without a word. The initial weights suppose values of the order of 1, so the first
steps of SGD with momentum are hundreds of times too long and training comes to little. (Adam divides most of that
out again, which hides the mistake: how much is lost depends on the optimizer.)

    python raw_bytes.py                    typed layers, strict mode: stops before the first step and says where
    python raw_bytes.py --mode lenient     typed layers, lenient mode: repairs it and says what
    python raw_bytes.py --library keras    plain Keras
    python raw_bytes.py --fixed            the program corrected by hand
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


def mistaken(keras: ModuleType) -> Any:
    return keras.Sequential(
        [
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def corrected(keras: ModuleType) -> Any:
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def digits(seed: int) -> tuple[tf.data.Dataset, tf.data.Dataset]:
    """Handwritten digits as a camera or a PNG file gives them: uint8, 0 to 255; batches to train and to test with."""
    found: Any = load_digits()
    images = np.round(found.images * (255 / 16)).astype("uint8")[..., np.newaxis]
    train_x, test_x, train_y, test_y = train_test_split(
        images, found.target, test_size=0.2, stratify=found.target, random_state=seed
    )
    train = tf.data.Dataset.from_tensor_slices((train_x, train_y)).shuffle(len(train_x), seed=seed).batch(32)
    return train, tf.data.Dataset.from_tensor_slices((test_x, test_y)).batch(256)


def program(keras: ModuleType, write: Callable[..., Any], *, epochs: int, seed: int) -> tuple[Any, dict[str, Any]]:
    """Trains and tests the program as ``write`` (`mistaken` or `corrected`) has it; gives the model and its figures."""
    keras.utils.set_random_seed(seed)
    train, test = digits(seed)
    model = write(keras)
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, epochs=epochs, shuffle=False, verbose=0)  # the data set shuffles itself
    loss, accuracy = model.evaluate(test, verbose=0)
    return model, {"test loss": loss, "test accuracy": accuracy}


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
