"""TL741: layers in functions."""

from __future__ import annotations

import types
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")


def said(model: Any) -> list[str]:
    model.compile("sgd", "mse")
    with warned("TL741") as found:
        model.fit(X, Y, verbose=0)
    return [one.headline for one in found]


def through(layer: Any, name: str = "through") -> Any:
    return L.Lambda(lambda x: layer(x), name=name)


def net(*stack: Any) -> Any:
    return tl.Sequential([L.Input((4,)), *stack, L.Dense(1)], name="net")


class Net(tl.Model):
    """Calls what it is given by a way of its own."""

    def __init__(self, holder: Any, tracked: Any = None) -> None:
        super().__init__(name="net")
        self.holder, self.tracked = holder, tracked
        self.dense = L.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(self.holder.hidden(x))


class Teaching(Net):
    """Trains as it likes."""

    def train_step(self, data: Any) -> Any:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        weights = [*self.trainable_weights, *self.holder.hidden.trainable_weights]
        gradients = tape.gradient(loss, weights)
        for gradient, weight in zip(gradients, weights, strict=True):
            weight.assign_sub(0.1 * gradient)
        return {"loss": loss}


def built(**more: Any) -> Any:
    layer = L.Dense(4, name="hidden", **more)
    layer.build((None, 4))
    return layer


def held(layer: Any) -> Any:
    return types.SimpleNamespace(hidden=layer)


def loaded() -> Any:
    layer = built()
    layer.set_weights([np.eye(4), np.zeros(4)])
    return layer


def frozen() -> Any:
    layer = built()
    layer.trainable = False
    return layer


STACK = [L.Dense(4, name="first"), L.Dense(4, name="second")]


def stacked(x: Any) -> Any:
    for layer in STACK:
        x = layer(x)
    return x


def twice() -> Any:
    """The Lambda uses a layer that stands in the model too."""
    hidden = built()
    return net(hidden, through(hidden))


def told(label: str, where: str, model: str = 'Sequential "net"') -> str:
    return f"{label} is used in {where}, but is no layer of {model}: its weights are not trained or saved"


WRONG = {
    "a Lambda": (lambda: net(through(built())), [told('Dense "hidden"', 'call of Lambda "through"')]),
    "a list": (
        lambda: net(L.Lambda(stacked, name="stacked")),
        [told(f'Dense "{name}"', 'call of Lambda "stacked"') for name in ("first", "second")],
    ),
    "an object of another kind": (
        lambda: Net(held(built())),
        [told('Dense "hidden"', 'call of Net "net"', 'Net "net"')],
    ),
}
RIGHT = {
    "a layer of the model": twice,
    "frozen": lambda: net(through(frozen())),
    "weights that were given": lambda: net(through(loaded())),
    "no weights": lambda: net(through(keras.layers.Dropout(0.5))),
    "an attribute of the model too": lambda: (lambda layer: Net(held(layer), layer))(built()),
    "a step of the user's": lambda: Teaching(held(built())),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    make, headlines = WRONG[name]
    assert said(make()) == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert said(RIGHT[name]()) == []
