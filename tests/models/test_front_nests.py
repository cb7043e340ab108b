"""Bytes are scaled in whatever nest the inputs of a model are given."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers

BYTES = np.random.default_rng(0).integers(0, 256, (4, 6, 6, 1)).astype("uint8")
READY, ROW = (BYTES / 255).astype("float32"), np.ones((4, 3), "float32")


class Given(NamedTuple):
    row: Any
    image: Any


def model() -> Any:
    row, image = tl.Input((3,), name="row"), tl.Input((6, 6, 1), values=(0, 1), name="image")
    joined = layers.Concatenate()([row, layers.Flatten()(layers.Conv2D(2, 3)(image))])
    return tl.Model([row, image], layers.Dense(2)(joined), mode="lenient")


NESTS = {"list": lambda r, i: [r, i], "tuple": lambda r, i: (r, i), "named tuple": Given}


@pytest.mark.parametrize("nest", NESTS.values(), ids=list(NESTS))
def test_bytes_in_a_nest(nest: Any) -> None:
    net = model()
    expected = np.asarray(net([ROW, READY]))
    np.testing.assert_allclose(net(nest(ROW, BYTES)), expected, atol=1e-5)


def test_bytes_by_the_name_of_the_input() -> None:
    net = model()
    expected = net.predict({"row": ROW, "image": READY}, verbose=0)
    np.testing.assert_allclose(net.predict({"image": BYTES, "row": ROW}, verbose=0), expected, atol=1e-5)
