"""What ``fit`` is given becomes the spec of a batch; nothing is drawn from it. And the values of an array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge.data import SLICE, Source, batch_of, element_spec_of, range_of
from typedlayers.spec import Carrier, RangeClass, Spec

X = np.ones((6, 3), "uint8")
Y = np.ones((6,), "int32")


def never() -> Iterator[Any]:
    """A source that must not be drawn from."""
    raise AssertionError("it was drawn from")
    yield


class NeverDrawn(keras.utils.PyDataset):
    """A PyDataset that must not be drawn from."""

    def __len__(self) -> int:
        raise AssertionError("it was asked for its length")

    def __getitem__(self, index: int) -> Any:
        raise AssertionError("it was drawn from")


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
    assert isinstance(batch.x, Spec)
    assert (batch.x.dtype, batch.x.shape, batch.x.carrier) == x
    assert (batch.y.dtype if isinstance(batch.y, Spec) else None) == y
    assert (batch.values is None) is (x[2] is Carrier.DATASET)


UNKNOWN = [
    # given, source
    (None, Source.ARRAYS),
    ("text", Source.OTHER),
    (3, Source.OTHER),
    ([], Source.OTHER),
    ({}, Source.OTHER),
    (object(), Source.OTHER),
    (never(), Source.GENERATOR),
    (NeverDrawn(), Source.PYDATASET),
    (keras.Input((3,)), Source.ARRAYS),
    ([keras.Input((3,)), X], Source.ARRAYS),
]


@pytest.mark.parametrize(("given", "source"), UNKNOWN, ids=lambda value: type(value).__name__)
def test_of_some_data_nothing_is_known(given: Any, source: Source) -> None:
    batch = batch_of(given)
    assert batch.x is None
    assert batch.source is source


IMAGES = Spec("uint8", (6, 3), Carrier.ARRAY)
ELEMENT = Spec("uint8", (6, 3), Carrier.DATASET)
LABELS = Spec("int32", (6,), Carrier.DATASET)
NESTS = [
    # given, x, y, weight
    ([X, X], (IMAGES, IMAGES), None, None),
    ({"a": X, "b": [X, X]}, {"a": IMAGES, "b": (IMAGES, IMAGES)}, None, None),
    (tf.data.Dataset.from_tensors({"a": X}), {"a": ELEMENT}, None, None),
    (tf.data.Dataset.from_tensors((X,)), ELEMENT, None, None),
    (tf.data.Dataset.from_tensors((X, Y)), ELEMENT, LABELS, None),
    (tf.data.Dataset.from_tensors(((X,), Y)), ELEMENT, LABELS, None),
    (tf.data.Dataset.from_tensors((X, Y, Y)), ELEMENT, LABELS, LABELS),
    (tf.data.Dataset.from_tensors(((X, X), {"a": Y})), (ELEMENT, ELEMENT), {"a": LABELS}, None),
    (tf.data.Dataset.from_tensors((X, X, X, X)), None, None, None),
]


@pytest.mark.parametrize(("given", "x", "y", "weight"), NESTS)
def test_nests(given: Any, x: Any, y: Any, weight: Any) -> None:
    batch = batch_of(given)
    assert (batch.x, batch.y, batch.weight) == (x, y, weight)


def test_values_lie_as_the_specs_do() -> None:
    tensor = tf.constant(X)
    batch = batch_of({"a": X, "b": [tensor, X]}, [Y, None])
    assert batch.values["a"] is X
    assert batch.values["b"][0] is tensor
    assert batch.targets[0] is Y
    assert batch.targets[1] is None


LISTS = [
    # x, spec, places where a list stands for an array
    ([[1.0, 2.0]], "float64 (1, 2)", {"x"}),
    ([1, 2, 3], "int64 (3,)", {"x"}),
    ([[1.0], [2.0, 3.0]], "float64 (2, ?)", {"x"}),
    (["a", "b"], "string (2,)", {"x"}),
    (([1], [2]), "int64 (2, 1)", {"x"}),
]


@pytest.mark.parametrize(("given", "spec", "places"), LISTS)
def test_python_lists_are_read_as_the_array_they_would_make(given: Any, spec: str, places: set[str]) -> None:
    batch = batch_of(given)
    assert isinstance(batch.x, Spec)
    assert (str(batch.x), batch.lists) == (spec, places)


def test_lists_within_a_nest_are_named_by_their_places() -> None:
    assert batch_of({"age": [1, 2], "mail": X}, [1, 2], [[1.0], [2.0]]).lists == {"x['age']", "y", "sample_weight"}


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
    assert isinstance(batch.x, Spec)
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
