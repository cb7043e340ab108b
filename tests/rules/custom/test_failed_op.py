"""TL736: an op of a layer that fails as it runs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.keras_versions import VERSION
from typedlayers import layers as L


class Positions(L.Layer):
    def __init__(self, longest: int, **named: Any) -> None:
        super().__init__(**named)
        self.places = L.Embedding(longest, 4, name="places")

    def call(self, x: Any) -> Any:
        return x + self.places(keras.ops.arange(keras.ops.shape(x)[1]))


class Project(L.Layer):
    def __init__(self, axis: int, **named: Any) -> None:
        super().__init__(**named)
        self.axis = axis

    def build(self, shape: Any) -> None:
        self.w = self.add_weight(shape=(shape[self.axis], 4), name="w")

    def call(self, x: Any) -> Any:
        return keras.ops.matmul(x, self.w)


class Asserts(L.Layer):
    def call(self, x: Any) -> Any:
        with tf.control_dependencies([tf.debugging.assert_positive(x, message="only positive ones")]):
            return tf.identity(x)


def fitted(layer: Any) -> Any:
    model = tl.Sequential([L.Input((12, 4)), layer, L.Dense(1)], name="net")
    model.compile("sgd", "mse")
    return model.fit(-np.ones((6, 12, 4), "float32"), np.ones((6, 12, 1), "float32"), verbose=0)


WRONG: dict[str, tuple[Any, str, str]] = {
    "a position beyond the table": (
        lambda: Positions(10),
        'Embedding "places" looks up 10, and its table has the rows 0 to 9',
        'input_dim=11 in Embedding "places", or more',
    ),
    "a weight for the wrong axis": (
        lambda: Project(1, name="own"),
        'Project "own" multiplies 4 features with a weight that has 12 rows',
        "shape[-1] in place of shape[1] in build",
    ),
    "an assertion": (lambda: Asserts(name="own"), 'Asserts "own" fails as it runs', ""),
}
RIGHT: dict[str, Any] = {"a table that reaches": lambda: Positions(12), "the last axis": lambda: Project(-1)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    if name == "a weight for the wrong axis" and VERSION < (3, 14):
        pytest.skip("Keras refuses it when the model is built")
    make, headline, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        fitted(make())
    (one,) = caught.value.diagnostics
    assert (one.code, one.headline) == ("TL736", headline)
    assert "".join(text.text for text in one.fixes[:1]) == fix
    assert isinstance(caught.value.origin, tf.errors.InvalidArgumentError)


def test_what_tensorflow_says_is_told() -> None:
    with pytest.raises(tl.ContractError, match="only positive ones"):
        fitted(Asserts())


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert fitted(RIGHT[name]()).history["loss"]


def test_what_a_map_of_the_data_raises_arrives_as_it_is() -> None:
    def broken(x: Any, y: Any) -> Any:
        with tf.control_dependencies([tf.debugging.assert_positive(x, message="in the data")]):
            return tf.identity(x), y

    data = tf.data.Dataset.from_tensor_slices((-np.ones((6, 4), "float32"), np.ones((6, 1), "float32"))).map(broken)
    model = tl.Sequential([L.Input((4,)), L.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(tf.errors.InvalidArgumentError, match="in the data"):
        model.fit(data.batch(2), verbose=0)
