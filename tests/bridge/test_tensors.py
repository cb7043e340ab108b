"""Whatever Keras and TensorFlow call a tensor becomes a spec; nothing is computed, converted or drawn."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from typedlayers.bridge.tensors import dtype_of, holds_tensor, is_tensor, shape_of, spec_of, specs_of
from typedlayers.spec import Carrier, Origin, Spec

ONES = np.ones((2, 3), "float32")
SPECS = [
    # value, dtype, shape, what holds it
    (ONES, "float32", (2, 3), Carrier.ARRAY),
    (np.float64(1), "float64", (), Carrier.ARRAY),
    (np.array([True]), "bool", (1,), Carrier.ARRAY),
    (np.array(["a", "bc"]), "string", (2,), Carrier.ARRAY),
    (np.array([b"a"]), "string", (1,), Carrier.ARRAY),
    (np.array([None, "a"], object), "object", (2,), Carrier.ARRAY),
    (np.array([1j]), "complex128", (1,), Carrier.ARRAY),
    (tf.constant(ONES), "float32", (2, 3), Carrier.TENSOR),
    (tf.cast(ONES, "bfloat16"), "bfloat16", (2, 3), Carrier.TENSOR),
    (tf.constant("a"), "string", (), Carrier.TENSOR),
    (tf.Variable(ONES), "float32", (2, 3), Carrier.TENSOR),
    (keras.Variable(ONES), "float32", (2, 3), Carrier.TENSOR),
    (tf.ragged.constant([[1.0], [2.0, 3.0]]), "float32", (2, None), Carrier.TENSOR),
    (tf.sparse.from_dense(ONES), "float32", (2, 3), Carrier.TENSOR),
    (keras.Input((3,)), "float32", (None, 3), Carrier.INPUT),
    (keras.Input(batch_shape=(2, None), dtype="uint8"), "uint8", (2, None), Carrier.INPUT),
    (keras.KerasTensor((None, 3)), "float32", (None, 3), Carrier.SYMBOLIC),
    (keras.ops.add(keras.Input((3,)), 1), "float32", (None, 3), Carrier.SYMBOLIC),
    (keras.Input((3,), dtype="complex64"), "complex64", (None, 3), Carrier.INPUT),
    # Keras announces complex numbers
    (keras.ops.real(keras.Input((3,), dtype="complex64")), None, (None, 3), Carrier.SYMBOLIC),
    (
        keras.layers.Flatten()(keras.ops.abs(keras.Input((3,), dtype="complex64"))),
        None,
        (None, 3),
        Carrier.SYMBOLIC,
    ),
    (keras.layers.Flatten()(keras.Input((3,), dtype="complex64")), "complex64", (None, 3), Carrier.SYMBOLIC),
    (tf.TensorSpec((None, 3)), "float32", (None, 3), Carrier.DATASET),
    (tf.TensorSpec(None), "float32", None, Carrier.DATASET),
    (tf.RaggedTensorSpec((2, None), tf.int32), "int32", (2, None), Carrier.DATASET),
    (tf.SparseTensorSpec((2, 3), tf.int64), "int64", (2, 3), Carrier.DATASET),
]


@pytest.mark.parametrize(("value", "dtype", "shape", "carrier"), SPECS, ids=lambda value: type(value).__name__)
def test_spec_of(value: Any, dtype: str | None, shape: Any, carrier: Carrier) -> None:
    assert is_tensor(value)
    found = spec_of(value)
    assert found == Spec(dtype, shape, carrier)
    assert found.shape is None or all(size is None or type(size) is int for size in found.shape)


def test_inside_a_graph() -> None:
    seen: list[Spec] = []

    @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.uint8), tf.TensorSpec(None, tf.float64)])
    def run(x: Any, y: Any) -> Any:
        seen.extend([spec_of(x), spec_of(y)])
        return x

    run.get_concrete_function()
    assert seen[:2] == [Spec("uint8", (None, 3), Carrier.TENSOR), Spec("float64", None, Carrier.TENSOR)]


def test_an_element_of_a_dataset_that_is_mapped() -> None:
    seen: list[Spec] = []

    def look(x: Any) -> Any:
        chosen = tf.cast(x, "float64")  # a dtype that somebody chose
        seen.extend([spec_of(x), spec_of(chosen)])
        return x

    tf.data.Dataset.from_tensor_slices(np.zeros((4, 3))).batch(2).map(look)
    tf.data.Dataset.from_tensor_slices(np.zeros((4, 3), "float32")).filter(lambda x: look(x)[0] > 0)
    assert [one.carrier for one in seen] == [Carrier.DATASET, Carrier.DATASET, Carrier.DATASET, Carrier.TENSOR]


ORIGINS = [
    (lambda: keras.Input((3,), name="image"), 'Input "image"'),
    (lambda: keras.layers.Dense(3, name="head")(keras.Input((3,))), 'Dense "head"'),
    (lambda: ONES, "None"),
    (lambda: tf.constant(ONES), "None"),
    (lambda: keras.KerasTensor((2, 3)), "None"),
]


@pytest.mark.parametrize(("make", "text"), ORIGINS)
def test_origin(make: Any, text: str) -> None:
    assert str(spec_of(make()).origin) == text


def test_a_caller_who_knows_better() -> None:
    found = spec_of(ONES, carrier=Carrier.DATASET, origin=Origin("the data"))
    assert (found.carrier, str(found.origin)) == (Carrier.DATASET, "the data")


Pair = namedtuple("Pair", ["left", "right"])
FLAT = Spec("float32", (2, 3), Carrier.ARRAY)
NESTS = [
    # value, specs, whether a tensor is in it
    (ONES, FLAT, True),
    ([ONES, ONES], (FLAT, FLAT), True),
    ((ONES,), (FLAT,), True),
    (Pair(ONES, None), (FLAT, None), True),
    ({"b": ONES, "a": [ONES, 3]}, {"b": FLAT, "a": (FLAT, None)}, True),
    (OrderedDict(a=ONES), {"a": FLAT}, True),
    ({1: ONES}, {"1": FLAT}, True),
    ([], (), False),
    ({}, {}, False),
    ([1.0, [2.0]], (None, (None,)), False),
    (None, None, False),
    (3, None, False),
    ("text", None, False),
    (object(), None, False),
]


@pytest.mark.parametrize(("value", "specs", "holds"), NESTS)
def test_specs_of_nests(value: Any, specs: Any, holds: bool) -> None:
    assert specs_of(value) == specs
    assert holds_tensor(value) is holds


DTYPES = [
    (None, None),
    ("float32", "float32"),
    (tf.float32, "float32"),
    (tf.qint8, "qint8"),
    (np.dtype("uint8"), "uint8"),
    (np.dtype("<U7"), "string"),
    (np.dtype("datetime64[s]"), "datetime64[s]"),
    (np.dtype([("a", "i4")]), "void32"),
]


@pytest.mark.parametrize(("dtype", "name"), DTYPES)
def test_dtype_of(dtype: Any, name: str | None) -> None:
    assert dtype_of(dtype) == name


def test_behind_a_lambda_the_dtype_is_unknown() -> None:
    x = keras.Input((2,))
    assert spec_of(keras.layers.Lambda(lambda x: tf.strings.as_string(x))(x)).dtype is None
    assert spec_of(keras.layers.Dense(3)(x)).dtype == "float32"


SHAPES = [
    (None, None),
    ((), ()),
    ((2, None), (2, None)),
    ([np.int64(2), 3], (2, 3)),
    (tf.TensorShape([2, None]), (2, None)),
    (tf.TensorShape(None), None),
    (tf.TensorShape([]), ()),
]


@pytest.mark.parametrize(("shape", "found"), SHAPES)
def test_shape_of(shape: Any, found: Any) -> None:
    assert shape_of(shape) == found
