"""TL413: very large numbers, and the first weights that they reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

TIMES = np.linspace(1.6e9, 1.7e9, 16).reshape(8, 2)
Y = np.ones((8, 1), "float32")


def said(x: Any, *stack: Any) -> list[str]:
    model = tl.Sequential([tl.Input(x.shape[1:]), *stack, L.Dense(1, name="last")])
    return of(model, x)


def of(model: Any, x: Any) -> list[str]:
    model.compile("sgd", "mse")
    with warned("TL413") as found:
        model.fit(x, Y, verbose=0)
    return [one.headline.partition(" from ")[0] for one in found]


def beside() -> Any:
    """Two columns of two inputs, side by side."""
    one, two = tl.Input((2,), name="small"), tl.Input((2,), name="large")
    model = tl.Model([one, two], L.Dense(1)(L.Concatenate()([one, two])))
    return of(model, {"small": np.ones((8, 2), "float32"), "large": TIMES})


def adapted() -> Any:
    norm = L.Normalization()
    norm.adapt(TIMES)
    return norm


def hashed() -> list[str]:
    ids = TIMES.astype("int64")
    table = [tl.Input((2,), dtype="int64"), L.Hashing(16), L.Embedding(16, 2), L.Flatten(), L.Dense(1)]
    return of(tl.Sequential(table), ids)


def loaded() -> Any:
    layer = L.Dense(4)
    layer.build((None, 2))
    layer.set_weights([np.full((2, 4), 1e-10), np.zeros(4)])
    return layer


WRONG = {
    "times": (lambda: said(TIMES), ["values 1.6e+09..1.7e+09"]),
    "whole numbers": (lambda: said(TIMES.astype("int64")), ["values 1.6e+09..1.7e+09"]),
    "behind a dropout": (lambda: said(-TIMES, L.Dropout(0.1)), ["values -1.7e+09..-1.6e+09"]),
    "beside others": (beside, ["values 1.6e+09..1.7e+09"]),
    "scaled, not enough": (lambda: said(TIMES, L.Rescaling(1e-2)), ["values 1.6e+09..1.7e+09"]),
}
RIGHT = {
    "adapted": lambda: said(TIMES, adapted()),
    "normalized": lambda: said(TIMES, L.BatchNormalization()),
    "normalized right behind": lambda: said(TIMES, L.Dense(4), L.BatchNormalization()),
    "scaled": lambda: said(TIMES, L.Rescaling(1e-9)),
    "loaded weights": lambda: said(TIMES, loaded(), L.Rescaling(1e-3)),
    "thousands": lambda: said(TIMES / 1e6),
    "hashed": hashed,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []
