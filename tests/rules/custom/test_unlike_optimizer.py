"""TL743: optimizers and whose weights they know."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers as L

X, Y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")


def net(name: str) -> Any:
    return tl.Sequential([L.Input((4,)), L.Dense(3, name="hidden"), L.Dense(1, name="last")], name=name)


def trained(model: Any, optimizer: Any) -> Any:
    model.compile(optimizer, "mse")
    model.fit(X, Y, verbose=0)
    return model


def shared() -> None:
    adam = keras.optimizers.Adam()
    for name in ("one", "two"):
        trained(net(name), adam)


def unfrozen() -> None:
    """Compiled again with the optimizer that it had."""
    model, adam = net("one"), keras.optimizers.Adam()
    model.layers[0].trainable = False
    trained(model, adam)
    model.layers[0].trainable = True
    trained(model, adam)


def of_its_own() -> None:
    for name in ("one", "two"):
        trained(net(name), keras.optimizers.Adam())


def again() -> None:
    model, adam = net("one"), keras.optimizers.Adam()
    trained(model, adam)
    trained(model, adam)


WRONG = {
    "two models": (shared, "two", "a new optimizer for"),
    "unfrozen": (unfrozen, "one", "model.compile(...) once more"),
}
RIGHT = {"one for each": of_its_own, "one model, twice": again}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, model, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        program()
    (one,) = caught.value.diagnostics
    told = f'the optimizer Adam of Sequential "{model}" was made for other weights: it does not know those of'
    assert (one.code, one.headline) == ("TL743", f'{told} Dense "hidden"')
    assert one.fixes[0].text.startswith(fix)


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    RIGHT[name]()
