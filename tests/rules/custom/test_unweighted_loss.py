"""TL742: weights, and losses of one number."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y, WEIGHTS = np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), np.arange(8, dtype="float32")


def of_all(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(keras.ops.square(y_true - y_pred))


def by_tensorflow(y_true: Any, y_pred: Any) -> Any:
    return tf.reduce_mean(tf.square(y_true - y_pred))


def of_each(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


class OfAll(keras.losses.Loss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return of_all(y_true, y_pred)


def said(loss: Any, x: Any = X, y: Any = Y, **given: Any) -> list[str]:
    model = tl.Sequential([L.Input((4,)), L.Dense(1)], name="net")
    model.compile("sgd", loss)
    with warned("TL742") as found:
        model.fit(x, y, verbose=0, **given)
    return [one.headline for one in found]


def dataset() -> Any:
    return tf.data.Dataset.from_tensor_slices((X, Y, WEIGHTS)).batch(4)


def told(name: str, weights: str) -> list[str]:
    return [
        f'Loss "{name}" of Sequential "net" gives one number for a batch: {weights} weighs no sample more than another'
    ]


WRONG = {
    "sample weights": (lambda: said(of_all, sample_weight=WEIGHTS), told("of_all", "sample_weight")),
    "TensorFlow's ops": (lambda: said(by_tensorflow, sample_weight=WEIGHTS), told("by_tensorflow", "sample_weight")),
    "a class": (lambda: said(OfAll(), sample_weight=WEIGHTS), told("OfAll", "sample_weight")),
    "class weights": (
        lambda: said(of_all, y=np.arange(8).reshape(8, 1) % 2, class_weight={0: 1.0, 1: 5.0}),
        told("of_all", "class_weight"),
    ),
    "a dataset": (lambda: said(of_all, dataset(), None), told("of_all", "sample_weight")),
}
RIGHT = {
    "no weights": lambda: said(of_all),
    "a value for each sample": lambda: said(of_each, sample_weight=WEIGHTS),
    "a loss of Keras's": lambda: said("mse", sample_weight=WEIGHTS),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []


def test_it_is_so_in_keras() -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(loss=of_all)
    first, last = (np.eye(8, dtype="float32")[index] for index in (0, 7))
    x = np.arange(32, dtype="float32").reshape(8, 4)
    assert model.evaluate(x, Y, sample_weight=first, verbose=0) == model.evaluate(x, Y, sample_weight=last, verbose=0)
