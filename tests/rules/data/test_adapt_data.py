"""TL529: data that an ``adapt`` fails on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L

NUMBERS = np.arange(6, dtype="float32").reshape(2, 3)
TEXT = np.array(["good film", "bad film"])
LABELS = np.array([1.0, 0.0])


def drawn(*parts: Any) -> Any:
    return tf.data.Dataset.from_tensor_slices(parts if len(parts) > 1 else parts[0]).batch(2)


WRONG: dict[str, tuple[Callable[[], Any], str, str]] = {
    "text": (lambda: L.Normalization(name="n").adapt(TEXT), '"n" needs numbers but adapt gets text', "StringLookup"),
    "a tensor of text": (lambda: L.Normalization().adapt(tf.constant(TEXT)), "gets text", 'astype("float32")'),
    "a dataset of text": (lambda: L.Normalization().adapt(drawn(TEXT)), "gets text", "tf.strings.to_number"),
    "objects": (lambda: L.Normalization().adapt(np.array([[1, "a"]], object)), "an array of objects", "StringLookup"),
    "text in bins": (lambda: L.Discretization(num_bins=2).adapt(TEXT), "needs numbers but adapt gets text", "Lookup"),
    "words as ids": (lambda: L.IntegerLookup().adapt(TEXT), "needs numbers but adapt gets text", "StringLookup"),
    "numbers": (lambda: L.StringLookup(name="s").adapt(NUMBERS), '"s" needs text but adapt gets', "IntegerLookup"),
    "pairs": (lambda: L.TextVectorization().adapt(drawn(TEXT, LABELS)), "the dataset gives 2", "lambda x, y: x"),
    "a list": (lambda: L.Normalization().adapt([1.0, 2.0]), "a dataset but gets a list", "adapt(np.array(x))"),
    "a frame": (lambda: L.Normalization().adapt(pd.DataFrame(NUMBERS)), "a DataFrame", 'x.to_numpy("float32")'),
    "a dict": (lambda: L.Normalization().adapt({"a": NUMBERS}), "gets a dict", "a layer for each feature"),
}  # fmt: skip
RIGHT: dict[str, Callable[[], Any]] = {
    "numbers": lambda: L.Normalization().adapt(NUMBERS),
    "a dataset": lambda: L.Normalization().adapt(drawn(NUMBERS)),
    "numbers written as text": lambda: L.Normalization().adapt(np.array([["1.5"], ["2"]]).astype("float32")),
    "the text of pairs": lambda: L.TextVectorization().adapt(drawn(TEXT, LABELS).map(lambda x, y: x)),
    "a list of words": lambda: L.StringLookup().adapt(["a", "b"]),
    "a column": lambda: L.Normalization(axis=None).adapt(pd.Series(LABELS).to_numpy("float32")),
    "ids": lambda: L.IntegerLookup().adapt(np.array([1, 2, 3])),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    adapt, headline, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        adapt()
    (one,) = caught.value.diagnostics
    assert one.code == "TL529"
    assert headline in one.headline
    assert fix in "".join(text.text for text in one.fixes)
    assert one.where.file == __file__
    assert caught.value.__cause__ is caught.value.origin is not None


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() is None


def test_it_is_of_the_kind_of_error_that_keras_raises() -> None:
    with pytest.raises(TypeError):
        L.Normalization().adapt(TEXT)


def test_plain_layers_under_install() -> None:
    tl.install()
    try:
        with pytest.raises(tl.ContractError, match="TL529"):
            keras.layers.Normalization().adapt(TEXT)
    finally:
        tl.uninstall()


def test_off_leaves_it_to_keras() -> None:
    with tl.mode("off"), pytest.raises(TypeError) as caught:
        L.Normalization().adapt(TEXT)
    assert not isinstance(caught.value, tl.ContractError)
