"""Lenient mode: what it cannot repair is raised with Keras's own words too, and the try leaves nothing behind."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers

ONES = np.ones((2, 4, 6), "float32")


def built_dense() -> Any:
    layer = layers.Dense(3)
    layer.build((None, 2))
    return layer


CALLS = {
    # a call that no repair mends, words of Keras's own message
    "a window too large": (lambda: layers.DepthwiseConv1D(11), ONES, {}, "Computed output size would be zero"),
    "too few channels": (
        lambda: layers.GroupNormalization(4),
        ONES,
        {},
        "must be a multiple of the number",
    ),
    "other features": (built_dense, ONES, {}, "incompatible with the layer"),
    "one tensor for two": (lambda: layers.Attention(), ONES, {}, "must be called on a list"),
    "three for two": (lambda: layers.Subtract(), [ONES] * 3, {}, "called on exactly 2 inputs"),
    "nothing is left": (lambda: layers.Cropping1D((2, 3)), ONES, {}, "must be smaller than"),
    "a mask too long": (
        lambda: layers.TimeDistributed(layers.Dense(2)),
        ONES,
        {"mask": np.ones((2, 5), bool)},
        "The `mask` passed to the `TimeDistributed` layer",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call(name: str) -> None:
    make, given, more, words = CALLS[name]
    layer = make()
    built, weights = layer.built, len(layer.weights)
    with tl.mode("lenient"), pytest.raises(tl.ContractError, match=words) as caught:
        layer(given, **more)
    assert "\n         Keras says: " in str(caught.value) or "why    Keras says: " in str(caught.value)
    assert (layer.built, len(layer.weights)) == (built, weights)
    with pytest.raises(tl.ContractError) as strict:
        make()(given, **more)
    assert "Keras says" not in str(strict.value)


def test_what_keras_accepts_has_no_words_of_it() -> None:
    text = layers.Embedding(5, 3)
    with tl.mode("lenient"), pytest.raises(tl.ContractError) as caught:
        text(keras.ops.convert_to_tensor([[1 + 2j]]))
    assert "Keras says" not in str(caught.value)
