"""A loop of one's own that hands bytes to a model: its trace has no values, so a mistake is a *perhaps*."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

BYTES = tf.zeros((2, 16, 16, 3), "uint8")
FLOATS = tf.zeros((2, 16, 16, 3))


def net(*front: Any, **more: Any) -> Any:
    parts = [layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(3)]
    return tl.Sequential([tl.Input((16, 16, 3)), *front, *parts], **more)


def fitted() -> Any:
    model = net()
    model.compile("sgd", "mse")
    model.fit(np.ones((2, 16, 16, 3)), np.ones((2, 3)), verbose=0)
    return model


def own() -> Any:
    return net(layers.Lambda(lambda x: x / 255))


WRONG = {
    "strict": net,
    "lenient": lambda: net(mode="lenient"),
    "a layer that keeps values first": lambda: net(layers.RandomFlip()),
}
RIGHT = {
    "scaled in the model": (lambda: net(layers.Rescaling(1 / 255)), BYTES),
    "scaled by code of the user's": (own, BYTES),
    "floats": (net, FLOATS),
    "weights that were trained on something else": (fitted, FLOATS),
    "off": (lambda: net(mode="off"), BYTES),
    "allowed": (lambda: tl.allow(net(), "raw-bytes"), BYTES),
}


def codes(model: Any, x: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", tl.ContractWarning)
        step = tf.function(lambda x: model(x, training=True))
        step(x)
        step(x[:1])  # traced anew, said once
    told = [one.message for one in caught if isinstance(one.message, tl.ContractWarning)]
    assert all(not one.is_error for warning in told for one in warning.diagnostics)
    return [one.code for warning in told for one in warning.diagnostics]


@pytest.mark.parametrize("name", WRONG)
def test_bytes_into_new_weights_are_a_perhaps(name: str) -> None:
    assert codes(WRONG[name](), BYTES) == ["TL401"]


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_right_loops(name: str) -> None:
    make, x = RIGHT[name]
    assert codes(make(), x) == []
