"""TL624: what predict makes of training=True."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X = np.ones((4, 6), "float32")


def model(*stack: Any, **called: Any) -> Any:
    inputs = x = tl.Input((6,))
    for layer in stack:
        x = layer(x, **called) if isinstance(layer, keras.layers.Dropout | keras.layers.GaussianNoise) else layer(x)
    return tl.Model(inputs, L.Dense(1)(x))


def inside() -> Any:
    """A functional model in a Sequential."""
    return tl.Sequential([tl.Input((6,)), model(L.Dropout(0.5, name="drop"), training=True)])


class Always(L.Dropout):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs, training=True)


class Net(tl.Model):
    """Says it in its own call, which keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.drop, self.dense = L.Dropout(0.5), L.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(self.drop(x, training=True))


def said(made: Any, ask: str = "predict") -> list[str]:
    with warned("TL624") as found:
        if ask == "call":
            made(X, training=True)
        else:
            getattr(made, ask)(X, **({} if ask.endswith("batch") else {"verbose": 0}))
    return [one.headline.partition(":")[0] for one in found]


OVERRULED = "was called with training=True, and {} overrules it"
WRONG = {
    "a dropout": (
        lambda: said(model(L.Dropout(0.5, name="drop"), training=True)),
        [f'Dropout "drop" {OVERRULED.format("predict")}'],
    ),
    "noise, for one batch": (
        lambda: said(model(L.GaussianNoise(0.1, name="noise"), training=True), "predict_on_batch"),
        [f'GaussianNoise "noise" {OVERRULED.format("predict_on_batch")}'],
    ),
    "a model inside": (lambda: said(inside()), [f'Dropout "drop" {OVERRULED.format("predict")}']),
}
RIGHT = {
    "nothing was said": lambda: said(model(L.Dropout(0.5))),
    "it was told not to": lambda: said(model(L.Dropout(0.5), training=False)),
    "nothing to drop": lambda: said(model(L.Dropout(0.0), training=True)),
    "called in training": lambda: said(model(L.Dropout(0.5), training=True), "call"),
    "a class that always drops": lambda: said(model(Always(0.5))),
    "a call of the user's": lambda: said(Net()),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []


def test_it_is_so_in_keras() -> None:
    """What the rule says of Keras holds: a prediction drops nothing, a call does."""
    inputs = keras.Input((64,))
    plain = keras.Model(inputs, keras.layers.Dropout(0.5)(inputs, training=True))
    x = np.ones((1, 64), "float32")
    assert (plain.predict(x, verbose=0) == 1).all()
    assert 0 in np.asarray(plain(x))
