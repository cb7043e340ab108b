"""TL735: a step that takes its data apart in other parts than they come."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers as L

X, Y, W = np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), np.ones(8, "float32")


class OfTwo(tl.Model):
    def train_step(self, data: Any) -> Any:
        x, y = data
        return {"loss": self.compute_loss(x, y, self(x, training=True))}


class OfThree(OfTwo):
    def train_step(self, data: Any) -> Any:
        x, y, w = data
        return {"loss": self.compute_loss(x, y, self(x, training=True), w)}


class OfAny(OfTwo):
    def train_step(self, data: Any) -> Any:
        x, y, w = keras.utils.unpack_x_y_sample_weight(data)
        return {"loss": self.compute_loss(x, y, self(x, training=True), w)}


class Broken(OfTwo):
    def train_step(self, data: Any) -> Any:
        x, y = data
        first, second = [x, y, x]  # type: ignore[misc]
        return {"loss": first + second}


def fitted(cls: type, *given: Any, **named: Any) -> Any:
    x = L.Input((4,))
    model = cls(x, L.Dense(1)(x))
    model.compile("sgd", "mse")
    return model.fit(*given, verbose=0, **named)


WRONG: dict[str, tuple[type, tuple[Any, ...], dict[str, Any], str]] = {
    "sample weights": (OfTwo, (X, Y), {"sample_weight": W}, "(x, y, sample_weight)"),
    "class weights": (OfTwo, (X, Y[:, 0].astype(int)), {"class_weight": {0: 1.0, 1: 2.0}}, "(x, y, sample_weight)"),
    "no weights": (OfThree, (X, Y), {}, "(x, y)"),
    "no targets": (OfTwo, (X,), {}, "x alone"),
}
RIGHT: dict[str, tuple[type, tuple[Any, ...], dict[str, Any]]] = {
    "two for two": (OfTwo, (X, Y), {}),
    "three for three": (OfThree, (X, Y), {"sample_weight": W}),
    "Keras's own function": (OfAny, (X, Y), {}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    cls, given, named, gets = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        fitted(cls, *given, **named)
    (one,) = caught.value.diagnostics
    assert (one.code, one.gets) == ("TL735", gets)
    assert one.where.file == __file__
    assert "unpack_x_y_sample_weight(data)" in one.fixes[0].text


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    cls, given, named = RIGHT[name]
    assert fitted(cls, *given, **named).history["loss"]


def test_another_line_that_takes_something_apart_is_left_alone() -> None:
    with pytest.raises(ValueError, match="too many values to unpack") as caught:
        fitted(Broken, X, Y)
    assert not isinstance(caught.value, tl.ContractError)
