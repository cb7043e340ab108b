"""What ``fit`` is given becomes the specs of a batch; nothing is drawn from it. And a generator put together again."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from typedlayers.bridge.data import (
    Source,
    batch_of,
    drawn_batch,
    element_spec_of,
    peeked,
    signature_of,
)
from typedlayers.spec import Carrier, Spec, leaves

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
    assert batch.values["a"].given is X
    assert batch.values["b"][0].given is tensor
    assert batch.targets[0].given is Y
    assert batch.targets[1] is None


VALUES = [
    # x; what is seen of its values
    (X, True),
    (tf.constant(X), True),
    ([[1, 2], [3, 4]], True),
    (tf.data.Dataset.from_tensors(X), False),
    (keras.Input((3,)), False),
    (tf.sparse.from_dense(X), False),
    (pd.DataFrame({"a": [1, 2]}), True),
    (pd.Series([1, 2], dtype="Int64"), True),
]


@pytest.mark.parametrize(("given", "seen"), VALUES, ids=lambda value: type(value).__name__)
def test_values_of_every_carrier_can_be_looked_at(given: Any, seen: bool) -> None:
    values = batch_of(given).values
    assert (values is not None and values.range is not None) is seen


def test_values_of_sample_weights_can_be_looked_at() -> None:
    assert str(batch_of(X, Y, np.array([0.5, 2.0])).weights.range) == "0.5..2"
    assert str(drawn_batch((X, Y, [0.5, 2.0]), "the generator").weights.range) == "0.5..2"


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


FRAME = pd.DataFrame({"age": [1, 2], "size": [1.5, 2.5]})
FRAMES = [
    # a frame, the array that Keras makes of it, its columns
    (FRAME, "float64 (2, 2)", (("age", "int64"), ("size", "float64"))),
    (FRAME[["age"]], "int64 (2, 1)", (("age", "int64"),)),
    (FRAME["age"], "int64 (2, 1)", (("age", "int64"),)),
    (FRAME.assign(city=["a", "b"]), "object (2, 3)", (("age", "int64"), ("size", "float64"), ("city", "object"))),
    (FRAME["age"].astype("category"), "object (2, 1)", (("age", "object"),)),
    (FRAME["age"].astype("Int64"), "int64 (2, 1)", (("age", "int64"),)),
    (FRAME.astype("float32"), "float32 (2, 2)", (("age", "float32"), ("size", "float32"))),
]


@pytest.mark.parametrize(("frame", "spec", "columns"), FRAMES)
def test_data_frames(frame: Any, spec: str, columns: Any) -> None:
    batch = batch_of(frame)
    assert isinstance(batch.x, Spec)
    assert (str(batch.x), batch.columns, batch.what) == (spec, columns, "the data frame")


def test_a_dict_of_columns() -> None:
    found = {path: str(spec) for path, spec in leaves(batch_of(dict(FRAME)).x)}
    assert found == {("age",): "int64 (2, 1)", ("size",): "float64 (2, 1)"}


RAGGED = tf.ragged.constant([[1, 2], [3]])
PLACES = [
    # the data, where a ragged tensor is
    (RAGGED, {"x"}),
    ({"a": RAGGED, "b": X}, {"x['a']"}),
    (tf.data.Dataset.from_tensors(RAGGED), {"x"}),
    (tf.data.Dataset.from_tensors(({"a": RAGGED}, Y)), {"x['a']"}),
    (tf.data.Dataset.from_tensors((X, RAGGED)), {"y"}),
    (tf.sparse.from_dense(X), set()),
    (X, set()),
]


@pytest.mark.parametrize(("given", "places"), PLACES)
def test_ragged_tensors_are_known_by_their_places(given: Any, places: set[str]) -> None:
    assert batch_of(given).ragged == places


DRAWN = [
    # a batch that was drawn; x, y, weight
    (X, ELEMENT, None, None),
    ((X,), ELEMENT, None, None),
    ((X, Y), ELEMENT, LABELS, None),
    ([X, Y], ELEMENT, LABELS, None),
    ((tf.constant(X), tf.constant(Y), tf.constant(Y)), ELEMENT, LABELS, LABELS),
    (({"a": X}, None), {"a": ELEMENT}, None, None),
    ((X, X, X, X), None, None, None),
]


@pytest.mark.parametrize(("given", "x", "y", "weight"), DRAWN)
def test_a_batch_that_was_drawn(given: Any, x: Any, y: Any, weight: Any) -> None:
    batch = drawn_batch(given, "the generator")
    assert (batch.x, batch.y, batch.weight) == (x, y, weight)
    assert (batch.what, batch.source) == ("the generator", Source.DRAWN)


def test_of_a_distributed_batch_one_replica_is_looked_at() -> None:
    devices = [device.name for device in tf.config.list_logical_devices("CPU")]
    strategy = tf.distribute.MirroredStrategy(devices)
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((X, Y)).batch(6))
    batch = drawn_batch(next(iter(data)), "the dataset")
    assert isinstance(batch.x, Spec)
    assert batch.x.dtype == "uint8"
    assert batch.x.rank == 2
    assert batch.values is not None


def counting(drawn: list[int], count: int = 3) -> Iterator[Any]:
    """A generator that tells how far it came."""
    for index in range(count):
        drawn.append(index)
        yield index


def test_a_generator_is_put_together_again() -> None:
    drawn: list[int] = []
    first, again = peeked(counting(drawn))
    assert (first, drawn) == (0, [0])
    assert isinstance(again, types.GeneratorType)
    assert list(again) == [0, 1, 2]


def test_a_generator_that_is_given_up_leaves_the_users_open() -> None:
    users = counting([])
    _, again = peeked(users)
    assert [next(again), next(again)] == [0, 1]
    again.close()
    assert next(users) == 2


def test_an_empty_generator_is_left_to_keras() -> None:
    users = counting([], 0)
    assert peeked(users) == (None, users)


def test_what_a_generator_raises_is_the_users() -> None:
    def failing(at: int) -> Iterator[int]:
        for index in range(3):
            if index == at:
                raise LookupError("the user's own")
            yield index

    with pytest.raises(LookupError, match="the user's own"):
        peeked(failing(0))
    _, again = peeked(failing(1))
    with pytest.raises(LookupError, match="the user's own"):
        list(again)


SIGNATURES = [
    # two data of one signature, or not
    (X, X[:2], True),
    (X, X.astype("float32"), False),
    (X, X[:, :2], False),
    (tf.constant(X), tf.constant(X[:2]), True),
    ({"a": X, "b": Y}, {"a": X[:1], "b": Y[:1]}, True),
    ({"a": X}, {"b": X}, False),
    ([X, Y], [X, X], False),
    ([X, Y], (X, Y), False),
    (None, None, True),
]


@pytest.mark.parametrize(("one", "other", "same"), SIGNATURES)
def test_signatures(one: Any, other: Any, same: bool) -> None:
    assert signature_of(one) is not None
    assert (signature_of(one) == signature_of(other)) is same


@pytest.mark.parametrize("value", [[1, 2], "text", {"a": [1.0]}, keras.Input((3,)), tf.data.Dataset.range(3)])
def test_what_has_no_signature_is_looked_at_every_time(value: Any) -> None:
    assert signature_of(value) is None


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
