"""What can be seen of the values of one tensor, whatever holds them."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from typedlayers.facts.ids import IdFacts
from typedlayers.facts.ranges import Gaps, ValueFacts
from typedlayers.facts.values import Values


class Tensor:
    """Something that gives its values as a tensor does, and counts how often."""

    def __init__(self, array: Any) -> None:
        self.array = np.asarray(array)
        self.ndim = self.array.ndim
        self.looks: list[int] = []

    def __getitem__(self, rows: Any) -> Tensor:
        part = Tensor(self.array[rows])
        part.looks = self.looks
        return part

    def numpy(self) -> np.ndarray:
        self.looks.append(len(self.array))
        return self.array


FRAME = pd.DataFrame({"age": [1, 2], "size": [0.5, 2.5]})
CARRIERS = {
    # the values, their range
    "array": (np.array([[1.0, 2.5]]), "1..2.5"),
    "bfloat16": (np.array([0.5, 2], ml_dtypes.bfloat16), "0.5..2"),
    "float16": (np.array([0.5, 2], "float16"), "0.5..2"),
    "uint8": (np.array([3, 200], "uint8"), "3..200"),
    "bool": (np.array([True, False]), "0..1"),
    "a number": (np.array(7.0), "7..7"),
    "tensor": (Tensor([1, 3]), "1..3"),
    "rows": ([[1, 2], [3, 4]], "1..4"),
    "frame": (FRAME, "0.5..2.5"),
    "series": (FRAME["age"], "1..2"),
    "nullable series": (FRAME["age"].astype("Int64"), "1..2"),
    "nullable frame": (FRAME.astype("Float64"), "0.5..2.5"),
    "missing": (pd.Series([1, pd.NA, 3], dtype="Int64"), "1..3"),
}


@pytest.mark.parametrize(("given", "shown"), CARRIERS.values(), ids=CARRIERS)
def test_the_range_of_every_carrier(given: Any, shown: str) -> None:
    assert str(Values(given).range) == shown


WITHOUT = {
    "nothing": None,
    "no rows": np.zeros((0, 3)),
    "text": np.array(["a"]),
    "complex": np.array([1j]),
    "objects": np.array([object()]),
    "numbers written as text": pd.Series(["1", "2"]),
    "categories": pd.Series([1, 2]).astype("category"),
    "dates": pd.Series(pd.to_datetime(["2020-01-01"])),
    "frame with text": FRAME.assign(city=["a", "b"]),
    "rows of unequal lengths": [[1], [2, 3]],
}


@pytest.mark.parametrize("given", WITHOUT.values(), ids=WITHOUT)
def test_what_holds_no_numbers_has_no_range(given: Any) -> None:
    values = Values(given)
    assert (values.range, values.gaps, values.ids("int32"), values.labels()) == (None,) * 4


def test_missing_values_of_pandas_are_nan() -> None:
    assert Values(pd.Series([1, pd.NA, 3], dtype="Int64")).gaps == Gaps(nan=1, infinite=0, count=3)


def test_nan_is_looked_for_in_all_rows_and_the_range_in_the_first() -> None:
    array = np.zeros((5000, 2))
    array[3000] = (np.nan, 9)
    array[4000] = np.inf
    values = Values(array)
    assert values.gaps == Gaps(nan=1, infinite=2, count=10000)
    assert values.range == ValueFacts(0, 0, whole=True, count=512)


def test_a_file_in_memory_is_not_read_to_its_end(tmp_path: Any) -> None:
    mapped = np.memmap(tmp_path / "x", "float32", "w+", shape=(1000, 2))
    assert Values(mapped).gaps == Gaps(nan=0, infinite=0, count=512)


def test_ids_and_labels_are_those_of_all_rows() -> None:
    array = np.zeros(5000, "int64")
    array[4000] = 7
    assert Values(array).ids("int32") == IdFacts(0, 7)
    labels = Values(array).labels()
    assert labels is not None
    assert (labels.low, labels.high) == (0, 7)


def test_float64_is_not_made_narrower() -> None:
    assert Values(np.array([0, 2.0**24 + 1])).ids("float64") == IdFacts(0, 2**24 + 1)


def test_the_error_of_a_scaler_is_no_value_beyond_its_range() -> None:
    scaled = np.array([0.0, 0.5, 1 + 2**-52])
    assert str(Values(scaled).range) == "0..1"
    labels = Values(scaled).labels()
    assert labels is not None
    assert (labels.high, labels.share_outside(0, 1)) == (1, 0)


def test_a_tensor_on_the_host_is_not_copied() -> None:
    tensor = tf.ones((2000, 3))
    assert np.shares_memory(Values(tensor).first, np.asarray(tensor))  # pyright: ignore[reportArgumentType]


def test_each_look_is_taken_once() -> None:
    tensor = Tensor(np.arange(1000))
    values = Values(tensor)
    assert tensor.looks == []
    for _ in range(3):
        assert str(values.range) == "0..255"
        assert values.ids("int32") == IdFacts(0, 999)
    assert tensor.looks == [256, 1000]


def test_values_may_be_known_without_a_tensor() -> None:
    values = Values.known(ValueFacts(0, 255, nan=2, count=8))
    assert values.range == ValueFacts(0, 255, nan=2, count=8)
    assert values.gaps == Gaps(nan=2, infinite=0, count=8)
    assert (values.ids("int32"), values.labels()) == (None, None)


RAMP = np.linspace(0, 1, 16)
PICTURE = (RAMP[:, None] * RAMP)[None, :, :, None] + np.zeros((2, 16, 16, 3))
NOISE = {
    "uniform": (np.random.default_rng(0).random((1, 16, 16, 3)), True),
    "bytes": (np.random.default_rng(0).integers(0, 256, (2, 16, 16, 1)), True),
    "channels first": (np.random.default_rng(0).random((1, 3, 16, 16)), True),
    "a picture": (PICTURE, False),
    "a picture with some noise": (PICTURE + np.random.default_rng(0).normal(size=PICTURE.shape) * 0.1, False),
    "nothing but black": (np.zeros((2, 16, 16, 3)), False),
    "too small to tell": (np.random.default_rng(0).random((1, 4, 4, 3)), False),
    "a table": (np.random.default_rng(0).random((8, 16)), False),
}


@pytest.mark.parametrize(("given", "noise"), NOISE.values(), ids=list(NOISE))
def test_images_without_a_picture(given: np.ndarray, noise: bool) -> None:
    assert Values(given).noise is noise
