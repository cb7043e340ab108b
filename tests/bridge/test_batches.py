"""What ``fit`` is given becomes the spec of a batch; nothing is drawn from it. And the values of an array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge.data import SLICE, batch_of, element_spec_of, range_of
from typedlayers.spec import Carrier, RangeClass

X = np.ones((6, 3), "uint8")
Y = np.ones((6,), "int32")


def never() -> Iterator[Any]:
    """A source that must not be drawn from."""
    raise AssertionError("it was drawn from")
    yield


BATCHES = [
    # x, y; dtype, shape and carrier of the batch; dtype of the target
    ((X, Y), ("uint8", (6, 3), Carrier.ARRAY), "int32"),
    ((X, None), ("uint8", (6, 3), Carrier.ARRAY), None),
    ((tf.constant(X), tf.constant(Y)), ("uint8", (6, 3), Carrier.TENSOR), "int32"),
    (([X], Y), ("uint8", (6, 3), Carrier.ARRAY), "int32"),
    ((tf.data.Dataset.from_tensor_slices((X, Y)).batch(2), None), ("uint8", (None, 3), Carrier.DATASET), "int32"),
    ((tf.data.Dataset.from_tensor_slices(X), None), ("uint8", (3,), Carrier.DATASET), None),
    (
        (
            tf.data.Dataset.from_generator(
                never, output_signature=(tf.TensorSpec((None, 3), tf.uint8), tf.TensorSpec((None,), tf.int32))
            ),
            None,
        ),
        ("uint8", (None, 3), Carrier.DATASET),
        "int32",
    ),
    ((tf.data.Dataset.from_generator(never, output_types=tf.uint8), None), ("uint8", None, Carrier.DATASET), None),
]


@pytest.mark.parametrize(("given", "x", "y"), BATCHES)
def test_batch_of(given: Any, x: Any, y: str | None) -> None:
    batch = batch_of(*given)
    assert batch.x is not None
    assert (batch.x.dtype, batch.x.shape, batch.x.carrier) == x
    assert (None if batch.y is None else batch.y.dtype) == y
    assert (batch.values is None) is (x[2] is Carrier.DATASET)


UNKNOWN = [
    None,
    "text",
    3,
    [X, X],
    {"a": X},
    never(),
    keras.Input((3,)),
    tf.data.Dataset.from_tensors({"a": X}),
    tf.data.Dataset.from_tensors(((X, X), Y)),
    [[1.0, 2.0]],
]


@pytest.mark.parametrize("given", UNKNOWN, ids=lambda value: type(value).__name__)
def test_what_is_no_single_tensor_is_unknown(given: Any) -> None:
    assert batch_of(given).x is None


def test_only_a_dataset_has_an_element_spec() -> None:
    class Source:
        element_spec = "something else"

    assert element_spec_of(Source()) is None
    assert element_spec_of(X) is None
    assert element_spec_of(tf.constant(X)) is None
    assert element_spec_of(tf.data.Dataset.from_tensors(X)) == tf.TensorSpec((6, 3), tf.uint8)


def test_the_batch_of_a_distributed_dataset_is_that_of_one_replica() -> None:
    strategy = tf.distribute.MirroredStrategy(["/cpu:0"])
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((X, Y)).batch(2))
    batch = batch_of(data)
    assert batch.x is not None
    assert (batch.x.dtype, batch.x.shape) == ("uint8", (None, 3))


RANGES = [
    # values, the least and the greatest, the class
    (np.array([[0, 255]], "uint8"), (0, 255), RangeClass.BYTES),
    (np.array([[0, 1]], "uint8"), (0, 1), RangeClass.UNIT),
    (np.array([[0, 9]], "uint8"), (0, 9), RangeClass.OTHER),
    (np.array([[-1.0, 1.0]]), (-1, 1), RangeClass.SIGNED_UNIT),
    (tf.constant([[0.0, 0.5]]), (0, 0.5), RangeClass.UNIT),
    (np.array([[0, 300]]), (0, 300), RangeClass.OTHER),
]


@pytest.mark.parametrize(("values", "ends", "family"), RANGES)
def test_range_of(values: Any, ends: tuple[float, float], family: RangeClass) -> None:
    found = range_of(values)
    assert found is not None
    assert (found.low, found.high) == ends
    assert found.family is family


NO_RANGE = [
    np.zeros((0, 3)),
    np.array([[0.0, np.nan]]),
    np.array([[0.0, np.inf]]),
    np.array([["a"]]),
    np.array([[True]]),
    np.array([[1j]]),
    np.array([[None]], object),
]


@pytest.mark.parametrize("values", NO_RANGE)
def test_what_has_no_range(values: Any) -> None:
    assert range_of(values) is None


def test_a_slice_is_looked_at() -> None:
    values = np.zeros((SLICE + 1, 1))
    values[SLICE] = 7
    found = range_of(values)
    assert found is not None
    assert found.high == 0
