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


def test_lenient_mode_refuses_what_it_cannot_scale() -> None:
    with pytest.raises(tl.ContractError, match="TL401"):
        codes(net(mode="lenient"), BYTES)


def test_lenient_mode_scales_where_the_model_declares_a_unit_range() -> None:
    image = tl.Input((16, 16, 3), values=(0, 1))
    model = tl.Sequential([image, layers.Conv2D(2, 3), layers.GlobalAveragePooling2D()], mode="lenient")
    bright = tf.fill((2, 16, 16, 3), tf.constant(255, "uint8"))
    step = tf.function(lambda x: model(x, training=True))
    np.testing.assert_allclose(step(bright), model(tf.ones((2, 16, 16, 3))), atol=1e-5)


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_right_loops(name: str) -> None:
    make, x = RIGHT[name]
    assert codes(make(), x) == []
