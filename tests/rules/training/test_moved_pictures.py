"""TL625: pictures that are moved in the model, and their targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

PICTURES = np.random.default_rng(0).random((8, 16, 16, 3)).astype("float32")
MASKS = (PICTURES.mean(-1, keepdims=True) > 0.5).astype("float32")
ONE_HOT = np.eye(2, dtype="float32")[np.arange(8) % 2]


def said(head: Any, loss: str, y: Any, *augmentation: Any, x: Any = PICTURES) -> list[str]:
    model = tl.Sequential([tl.Input(x.shape[1:]), *augmentation, *head])
    model.compile("sgd", loss)
    with warned("TL625") as found:
        model.fit(x, y, verbose=0)
    return [one.headline for one in found]


def segmenting(*augmentation: Any, y: Any = MASKS, data_format: str = "channels_last", x: Any = PICTURES) -> list[str]:
    head = [L.Conv2D(1, 3, padding="same", activation="sigmoid", data_format=data_format)]
    return said(head, "binary_crossentropy", y, *augmentation, x=x)


def classifying(*augmentation: Any) -> list[str]:
    return said([L.Flatten(), L.Dense(2, activation="softmax")], "categorical_crossentropy", ONE_HOT, *augmentation)


def patches(*augmentation: Any) -> list[str]:
    """A discriminator that answers for patches: its targets say the same of each."""
    head = [L.Conv2D(1, 4, strides=4, activation="sigmoid")]
    return said(head, "binary_crossentropy", np.ones((8, 4, 4, 1), "float32"), *augmentation)


def inside() -> Any:
    return tl.Sequential([L.RandomBrightness(0.2, value_range=(0, 1)), L.RandomRotation(0.1, name="turn")])


INSIDE = "inside the model, where their targets do not follow"
WRONG = {
    "a flip": (
        lambda: segmenting(L.RandomFlip("horizontal", name="flip")),
        [f'RandomFlip "flip" moves the pictures {INSIDE}'],
    ),
    "a model of them": (lambda: segmenting(inside()), [f'RandomRotation "turn" moves the pictures {INSIDE}']),
    "masks of ids": (
        lambda: segmenting(L.RandomZoom(0.1, name="zoom"), y=MASKS[..., 0]),
        [f'RandomZoom "zoom" moves the pictures {INSIDE}'],
    ),
    "mixed pictures": (
        lambda: classifying(L.MixUp(name="mix", data_format="channels_last")),
        [f'MixUp "mix" mixes pictures of a batch {INSIDE}'],
    ),
}
RIGHT = {
    "a classifier": lambda: classifying(L.RandomFlip("horizontal")),
    "no place is moved": lambda: segmenting(L.RandomBrightness(0.2, value_range=(0, 1)), L.GaussianNoise(0.1)),
    "patches": lambda: patches(L.RandomFlip("horizontal")),
    "nothing is moved": segmenting,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []
