"""Validation data are checked also where they are given by place."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers
from typedlayers.models import _methods


def test_the_places_are_keras_s() -> None:
    names = tuple(inspect.signature(keras.Model.fit).parameters)[3:]
    assert names[: len(_methods._FIT)] == _methods._FIT


def test_validation_data_by_place() -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((8, 4)), np.ones((8, 1))
    with pytest.raises(tl.ContractError) as caught:
        model.fit(x, y, 4, 1, 0, None, 0.0, (np.ones((8, 5)), y))
    assert [d.code for d in caught.value.diagnostics] == ["TL502"]
