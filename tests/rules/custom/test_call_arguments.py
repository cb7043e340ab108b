"""TL108: a call with other arguments than its layer's ``call`` has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl

L = tl.layers


class Two(tl.Model):
    def __init__(self) -> None:
        super().__init__(name="pair")
        self.head = L.Dense(1)

    def call(self, a: Any, b: Any) -> Any:
        return self.head(keras.ops.concatenate([a, b], -1))


class One(Two):
    def call(self, inputs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        a, b = inputs
        return self.head(keras.ops.concatenate([a, b], -1))


class Plain(L.Layer):
    def call(self, x: Any, gate: Any) -> Any:
        return x * gate


class Trained(L.Layer):
    def call(self, x: Any, training: Any) -> Any:
        return x


class Alone(L.Layer):
    def call(self) -> Any:
        return np.ones((2, 3), "float32")


def chain(layer: Any) -> Any:
    return tl.Sequential([L.Input((5, 4)), L.Dense(4), layer], name="chain")


def x() -> Any:
    return L.Input((5, 4))


def fitted(model: Any) -> Any:
    model.compile("sgd", "mse")
    rows = np.ones((4, 3), "float32")
    return model.fit([rows, rows], np.ones((4, 1), "float32"), verbose=0)


WRONG: dict[str, tuple[Callable[[], Any], str, str]] = {
    "no value": (lambda: L.MultiHeadAttention(2, 4, name="mha")(x()), '"mha" is called without `value`', "(x, x)"),
    "a layer": (lambda: L.Dense(3)(L.Dense(2, name="a")), 'is called on Dense "a", not on its', "Dense(...)(x)"),
    "a layer in a list": (lambda: L.Add()([x(), L.Dense(4, name="a")]), 'is called on Dense "a"', "Dense(...)(x)"),
    "an unknown name": (lambda: L.Dense(3)(x(), axis=1), "takes no `axis`", ""),
    "too many": (lambda: L.Dropout(0.5)(x(), True, 3), "with 1 more arguments than its call takes", ""),
    "two tensors for one": (lambda: L.Concatenate()(x(), x()), "with 1 more arguments", "layer([a, b])"),
    "a layer of one's own": (lambda: Plain(name="own")(x()), '"own" is called without `gate`', "give `gate` too"),
    "in a Sequential": (lambda: chain(Plain(name="own")), '"own" needs `gate` too, but Sequential "chain"',
        "def call(self, x, gate=None)a functional model: x = Plain(...)(x, gate)"),
    "a switch in a Sequential": (lambda: chain(Trained()), "needs `training` too", "def call(self, x, training=None)"),
    "attention in a Sequential": (lambda: chain(L.MultiHeadAttention(2, 4)), "needs `value` too, but Sequential",
        "a functional model: x = MultiHeadAttention(...)(x, x)"),
    "no argument in a Sequential": (lambda: chain(Alone()), "takes no argument, but", "def call(self, inputs)"),
    "a model of two parameters": (lambda: fitted(Two()), "fit and predict give it one list", "a, b = inputs"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        call()
    (one,) = caught.value.diagnostics
    assert one.code == "TL108"
    assert headline in one.headline
    assert fix in "".join(one.text for one in one.fixes)
    assert one.where.file == __file__


class Gated(Plain):
    def call(self, x: Any, gate: Any = None) -> Any:
        return x if gate is None else x * gate


class Switched(Trained):
    def call(self, x: Any, training: Any = None) -> Any:
        return x


RIGHT: dict[str, Callable[[], Any]] = {
    "a default in a Sequential": lambda: chain(Gated()),
    "a switch with a default in a Sequential": lambda: chain(Switched()),
    "query and value": lambda: L.MultiHeadAttention(2, 4)(x(), x()),
    "by name": lambda: L.MultiHeadAttention(2, 4)(query=x(), value=x()),
    "what every layer takes": lambda: L.Dense(3)(x(), training=True),
    "a layer of two": lambda: Plain()(x(), gate=x()),
    "one list": lambda: fitted(One()),
}


def test_what_keras_raised_is_the_cause() -> None:
    with pytest.raises(tl.ContractError) as caught:
        L.MultiHeadAttention(2, 4)(x())
    assert caught.value.__cause__ is caught.value.origin is not None


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() is not None


@pytest.mark.parametrize("error", [KeyError, TypeError, RuntimeError])
def test_what_a_call_raises_of_its_own_arrives_as_it_is(error: type[Exception]) -> None:
    class Broken(L.Layer):
        def call(self, x: Any) -> Any:
            raise error("of my own")

    with pytest.raises(error, match="of my own"):
        Broken()(np.ones((2, 3), "float32"))
