"""TL409 `means-of-bytes`: what ``preprocess_input`` of VGG and ResNet makes of pictures in a unit range."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.rules.values.facts import IMAGES, a_layer, seen, told
from typedlayers import layers
from typedlayers.facts.values import Values
from typedlayers.rules.values.means_of_bytes import RULE

OLD = a_layer("Conv2D", fresh=False)
PICTURES = np.random.default_rng(0).uniform(0, 255, (4, 16, 16, 3)).astype("float32")
centred = keras.applications.vgg16.preprocess_input


def given(array: np.ndarray[Any, Any], *nodes: Any) -> Any:
    """Returns an input of these values on a way to weights."""
    found = Values.of(array)
    assert found.range is not None
    return replace(seen(IMAGES, found.range, *nodes), values=found)


WRONG = {
    "a unit range": given(centred(PICTURES / 255), OLD),
    "a signed unit range": given(centred(PICTURES / 127.5 - 1), OLD),
    "on new weights": given(centred(PICTURES / 255), a_layer("Conv2D")),
}

LOOKS_WRONG = {
    "bytes": given(centred(PICTURES.copy()), OLD),
    "almost black bytes": given(centred(np.floor(PICTURES / 250)), OLD),
    "black bytes": given(centred(PICTURES * 0), OLD),
    "scaled after it": given(centred(PICTURES / 255), a_layer("Rescaling", scale=255, offset=0), OLD),
    "no weights are known": given(centred(PICTURES / 255)),
}

RIGHT = {"a unit range that nothing was subtracted from": given(PICTURES / 255, OLD)}


@pytest.mark.parametrize("subject", WRONG.values(), ids=list(WRONG))
def test_pictures_of_which_nothing_is_left_are_said(subject: Any) -> None:
    (one,) = told(RULE, subject)
    assert one.headline == (
        'the means of bytes were subtracted from images of a unit range, as the input of Sequential "net" gets them'
    )


@pytest.mark.parametrize("subject", [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_nothing_is_said(subject: Any) -> None:
    assert told(RULE, subject) == []


def backbone(scale: float | None) -> Any:
    """Returns a model that centres its input itself, after a Rescaling if a scale is given."""
    inputs = tl.Input((16, 16, 3))
    x = inputs if scale is None else layers.Rescaling(scale)(inputs)
    x = layers.Conv2D(2, 3)(centred(x))
    return tl.Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))


INSIDE = {
    "a unit range comes": (None, PICTURES / 255, ["TL409"]),
    "the model makes one": (1 / 255, PICTURES, ["TL409"]),
    "bytes come": (None, PICTURES, []),
    "almost black bytes come": (None, np.floor(PICTURES / 250), []),
}


@pytest.mark.parametrize("name", INSIDE)
def test_a_model_that_subtracts_the_means_itself(name: str) -> None:
    scale, x, codes = INSIDE[name]
    assert [one.code for one in tl.check(backbone(scale), x) if one.code == "TL409"] == codes
