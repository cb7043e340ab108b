"""TL746: the names of a loss's parameters."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.ones((6, 4), "float32"), np.eye(3, dtype="float32")[np.arange(6) % 3]
K = keras.ops


def turned(y_pred: Any, y_true: Any) -> Any:
    return -K.sum(y_true * K.log(y_pred + 1e-7), axis=-1)


def right(y_true: Any, y_pred: Any) -> Any:
    return -K.sum(y_true * K.log(y_pred + 1e-7), axis=-1)


def symmetric(y_pred: Any, y_true: Any) -> Any:
    return K.mean(K.square(y_true - y_pred), axis=-1)


def other_names(one: Any, two: Any) -> Any:
    return -K.sum(one * K.log(two + 1e-7), axis=-1)


class Turned(keras.losses.Loss):
    def call(self, outputs: Any, labels: Any) -> Any:
        return turned(outputs, labels)


def said(loss: Any) -> list[str]:
    model = tl.Sequential([L.Input((4,)), L.Dense(3, activation="softmax")], name="net")
    model.compile("sgd", loss)
    with warned("TL746") as found:
        model.fit(X, Y, verbose=0)
    return [one.headline for one in found]


WRONG = {
    "turned": (turned, ['Loss "turned" of Sequential "net" takes (y_pred, y_true), and gets the targets as `y_pred`']),
    "a class": (
        Turned(),
        ['Loss "Turned" of Sequential "net" takes (outputs, labels), and gets the targets as `outputs`'],
    ),
}
RIGHT = {
    "right": (right, []),
    "the same both ways": (symmetric, []),
    "other names": (other_names, []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    loss, headlines = {**WRONG, **RIGHT}[name]
    assert said(loss) == headlines
