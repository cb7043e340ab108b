"""TL527, TL528: what caches and shuffles of a dataset make of later epochs."""

from __future__ import annotations

import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L

X, Y = np.random.default_rng(0).random((16, 8, 8, 3)).astype("float32"), np.arange(16) % 2
ROWS = tf.data.Dataset.from_tensor_slices((X, Y))
TURN = keras.layers.RandomRotation(0.1)


def said(data: Any, validation: Any = None, epochs: int = 2) -> list[str]:
    model = tl.Sequential([L.Input((8, 8, 3)), L.Flatten(), L.Dense(2, activation="softmax")], name="net")
    model.compile("sgd", "sparse_categorical_crossentropy")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(data, validation_data=validation, epochs=epochs, verbose=0)
    found = [one for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]
    return [one.code for one in found if one.code in ("TL527", "TL528")]


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


CASES = {
    # what is done, codes
    "a layer, cached": (lambda: said(ROWS.map(turned).cache().batch(4)), ["TL527"]),
    "an op, cached after the batch": (lambda: said(ROWS.batch(4).map(flipped).cache().prefetch(1)), ["TL527"]),
    "cached before": (lambda: said(ROWS.cache().map(turned).batch(4)), []),
    "one epoch": (lambda: said(ROWS.map(turned).cache().batch(4), epochs=1), []),
    "a fixed key": (lambda: said(ROWS.map(by_key).cache().batch(4)), []),
    "nothing drawn": (lambda: said(ROWS.map(halved).cache().batch(4)), []),
    "shuffled, then cut": (lambda: parts(ROWS.shuffle(16)), ["TL528"]),
    "with a seed": (lambda: parts(ROWS.shuffle(16, seed=1)), ["TL528"]),
    "cut, then mapped": (lambda: parts(ROWS.shuffle(16), lambda one: one.map(halved).prefetch(1)), ["TL528"]),
    "in one order for good": (lambda: parts(ROWS.shuffle(16, reshuffle_each_iteration=False)), []),
    "cached before the cut": (lambda: parts(ROWS.shuffle(16).cache()), []),
    "cut, then shuffled": (lambda: parts(ROWS, lambda one: one.shuffle(12)), []),
    "data of their own": (lambda: said(ROWS.shuffle(16).batch(4), ROWS.batch(4)), []),
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    program, codes = CASES[name]
    assert program() == codes
