"""Datasets with a shuffle, a cache or an augmentation, and what a training on them says."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.random.default_rng(0).random((16, 8, 8, 3)).astype("float32"), np.arange(16) % 2
ROWS = tf.data.Dataset.from_tensor_slices((X, Y))
TURN = keras.layers.RandomRotation(0.1)


def said(data: Any, validation: Any = None, epochs: int = 2) -> list[str]:
    model = tl.Sequential([L.Input((8, 8, 3)), L.Flatten(), L.Dense(2, activation="softmax")], name="net")
    model.compile("sgd", "sparse_categorical_crossentropy")
    with warned("TL527", "TL528") as found:
        model.fit(data, validation_data=validation, epochs=epochs, verbose=0)
    return [one.code for one in found]


def turned(x: Any, y: Any) -> Any:
    return TURN(x, training=True), y


def flipped(x: Any, y: Any) -> Any:
    return tf.image.random_flip_left_right(x), y


def by_key(x: Any, y: Any) -> Any:
    return tf.image.stateless_random_flip_left_right(x, (1, 2)), y


def halved(x: Any, y: Any) -> Any:
    return x / 2, y


def parts(data: Any, more: Any = lambda one: one) -> list[str]:
    return said(more(data.take(12)).batch(4), more(data.skip(12)).batch(4))
