"""TL738: a loss without a gradient."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers as L


def chosen(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.cast(keras.ops.argmax(y_pred, axis=-1), "float32") - keras.ops.squeeze(y_true, -1)


def unused(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(y_true, axis=-1)


def smooth(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


def made_by(function: Any) -> Any:
    def rounded(y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.abs(y_true - function(y_pred)), axis=-1)

    return rounded


def fitted(loss: Any) -> Any:
    model = tl.Sequential([L.Input((4,)), L.Dense(3)], name="net")
    model.compile("sgd", loss)
    return model.fit(np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), verbose=0)


WRONG = {
    "a choice": (chosen, "it calls argmax"),
    "a function of another name": (made_by(keras.ops.round), "it calls round"),
    "a cast": (made_by(lambda x: keras.ops.cast(keras.ops.cast(x, "int32"), "float32")), "a cast to whole numbers"),
    "the outputs are not used": (unused, "it does not use the outputs"),
}
RIGHT = {"differences": smooth}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    loss, why = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        fitted(loss)
    (one,) = caught.value.diagnostics
    assert (one.code, one.headline) == (
        "TL738",
        f'Loss "{loss.__name__}" of Sequential "net" gives no gradient by any weight',
    )
    assert why in one.why


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert fitted(RIGHT[name]).history["loss"]
