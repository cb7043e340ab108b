"""TL806: clones, and whether they have the weights of what they are a clone of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import keras
from typedlayers import layers as L

X, Y = np.ones((8, 4), "float32"), np.ones((8, 1), "float32")


def net(*, trained: bool = True) -> Any:
    model = tl.Sequential([tl.Input((4,)), L.Dense(1)], name="net")
    model.compile("sgd", "mse")
    if trained:
        model.fit(X, Y, verbose=0)
    return model


def asked(then: Callable[[Any, Any], Any], *, trained: bool = True) -> list[str]:
    model = net(trained=trained)
    clone = keras.models.clone_model(model)
    with warned("TL806") as found:
        then(clone, model)
        clone.predict(X, verbose=0)
    return [one.headline for one in found]


def fitted(clone: Any, _: Any) -> None:
    clone.compile("sgd", "mse")
    clone.fit(X, Y, verbose=0)


WRONG = {
    "at once": (
        lambda: asked(lambda clone, model: None),
        ['Sequential "net" is a clone of Sequential "net" with new weights: it answers at random'],
    ),
}
RIGHT = {
    "with weights": (lambda: asked(lambda clone, model: clone.set_weights(model.get_weights())), []),
    "trained itself": (lambda: asked(fitted), []),
    "assigned": (lambda: asked(lambda clone, model: clone.layers[0].kernel.assign(model.layers[0].kernel)), []),
    "of an untrained model": (lambda: asked(lambda clone, model: None, trained=False), []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    program, headlines = {**WRONG, **RIGHT}[name]
    assert program() == headlines
