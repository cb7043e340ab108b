"""A model becomes the inputs that it declares, with what looks their values up and what ragged tensors break."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from typedlayers.bridge.inputs import inputs_of, steps_as_keras
from typedlayers.diagnostics.model import Location
from typedlayers.facts.ids import IdFacts
from typedlayers.facts.inputs import InputSpec, LookupKind, each_input
from typedlayers.facts.values import id_facts

WHERE = Location("train.py", 7)


def tree_of(model: Any) -> Any:
    return inputs_of(model, WHERE).tree


def sole(model: Any) -> InputSpec:
    tree = tree_of(model)
    assert isinstance(tree, InputSpec)
    return tree


def through(*stack: Any, shape: Any = (None,), dtype: str = "int32") -> Any:
    """A functional model of layers behind one input."""
    inputs = x = keras.Input(shape, dtype=dtype, name="x")
    for layer in stack:
        x = layer(x)
    return keras.Model(inputs, x)


def two(nest: Any) -> Any:
    """A functional model of two inputs, nested as the function nests them."""
    one, other = keras.Input((3,), name="one"), keras.Input((2,), name="other", dtype="int32")
    return keras.Model(nest(one, other), layers.Concatenate(name="join")([one, other]))


NESTS = [
    (lambda one, other: [one, other], [((0,), "one"), ((1,), "other")]),
    (lambda one, other: {"other": other, "one": one}, [(("one",), "one"), (("other",), "other")]),
    (lambda one, other: [one, {"k": other}], [((0,), "one"), ((1, "k"), "other")]),
]


@pytest.mark.parametrize(("nest", "expected"), NESTS)
def test_inputs_are_nested_as_they_were_declared(nest: Any, expected: Any) -> None:
    tree = tree_of(two(nest))
    assert [(path, intake.key) for path, intake in each_input(tree)] == expected


def test_without_the_private_name_the_inputs_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    model = two(lambda one, other: {"one": one, "other": other})
    monkeypatch.delattr(model, "_inputs_struct")
    assert [path for path, _ in each_input(tree_of(model))] == [(0,), (1,)]


def test_an_input_says_dtype_shape_and_where_it_goes() -> None:
    one, other = dict(each_input(tree_of(two(lambda one, other: [one, other])))).values()
    assert (str(one.spec), one.name, one.consumer) == ("float32 (batch, 3)", "one", 'Concatenate "join"')
    assert str(other.spec) == "int32 (batch, 2)"


SEQUENTIALS = [
    # the model, the input's spec, its name
    (lambda: keras.Sequential([keras.Input((3,), name="f"), layers.Dense(1)]), "float32 (batch, 3)", "f"),
    (lambda: keras.Sequential([keras.Input((3,)), layers.Dense(1)]), "float32 (batch, 3)", None),
    (lambda: keras.Sequential([keras.Input((3,), batch_size=4), layers.Dense(1)]), "float32 (batch, 3)", None),
    (lambda: keras.Sequential([layers.Dense(1)]), "float32 (unknown rank)", None),
    (lambda: keras.Sequential([layers.Dense(1, dtype="float64")]), "float64 (unknown rank)", None),
]


@pytest.mark.parametrize(("make", "spec", "name"), SEQUENTIALS)
def test_the_input_of_a_sequential(make: Any, spec: str, name: str | None) -> None:
    intake = sole(make())
    assert (str(intake.spec), intake.name) == (spec, name)


def test_an_input_made_of_the_first_data_fixes_no_more_than_the_weights() -> None:
    model = keras.Sequential([layers.Conv2D(2, 3), layers.GlobalAveragePooling2D()])
    model(np.zeros((2, 16, 16, 3), "float32"))
    assert str(sole(model).spec) == "float32 (batch, ?, ?, 3)"
    model(np.zeros((2, 20, 20, 3), "float32"))  # Keras takes other sizes too


READ_AGAIN = [
    # the name that somebody gave the input, what is known once the model was read from a config
    ("picture", "float32 (batch, 8, 8, 1)"),
    (None, "float32 (batch, ?, ?, ?)"),  # Keras may have made it of the first data
]


@pytest.mark.parametrize(("name", "spec"), READ_AGAIN)
def test_an_input_that_was_read_again_is_declared_if_it_was_named(name: str | None, spec: str) -> None:
    model = keras.Sequential([keras.Input((8, 8, 1), name=name), layers.Flatten(), layers.Dense(1)])
    again = keras.Sequential.from_config(model.get_config())
    assert str(sole(again).spec) == spec
    assert sole(again).made == (None if name else (None, 8, 8, 1))


@pytest.mark.parametrize("layers_of", [[], [layers.Dense(1)]], ids=["empty", "dense"])
def test_a_sequential_without_an_input_declares_nothing(layers_of: list[Any]) -> None:
    tree = tree_of(keras.Sequential(layers_of))
    assert tree is None or tree.spec.shape is None


class Called(keras.Model):
    """A subclassed model."""

    def call(self, x: Any) -> Any:
        return x


class Overriding(keras.Model):
    """A functional model that takes its arguments apart itself."""

    def call(self, pair: Any) -> Any:
        return super().call(pair[0])


class OwnStep(keras.Model):
    """A functional model with a step of its own."""

    def train_step(self, data: Any) -> Any:
        return {"loss": keras.ops.sum(data[0])}


def test_of_a_call_of_the_users_own_nothing_is_known() -> None:
    inputs = keras.Input((3,))
    outputs = keras.layers.Activation("linear")(inputs)
    assert tree_of(Called()) is None
    assert tree_of(Overriding(inputs, outputs)) is None
    assert isinstance(tree_of(OwnStep(inputs, outputs)), InputSpec)


def test_a_step_of_the_users_own_is_told() -> None:
    inputs = keras.Input((3,))
    outputs = keras.layers.Activation("linear")(inputs)
    assert steps_as_keras(keras.Model(inputs, outputs), "train_step", "test_step", "predict_step")
    assert steps_as_keras(Called(), "train_step")
    assert steps_as_keras(OwnStep(inputs, outputs), "test_step")
    assert not steps_as_keras(OwnStep(inputs, outputs), "train_step")


class OwnEmbedding(layers.Embedding):
    """An embedding that maps ids before it looks them up."""

    def call(self, ids: Any) -> Any:
        return super().call(ids % self.input_dim)


class Named(layers.Embedding):
    """An embedding that differs by its name alone."""


READERS = [
    # what is behind the input, what looks its values up
    (lambda: [layers.Embedding(10, 2)], (LookupKind.ROWS, 10, "input_dim")),
    (lambda: [Named(10, 2)], (LookupKind.ROWS, 10, "input_dim")),
    (lambda: [layers.CategoryEncoding(4)], (LookupKind.CODES, 4, "num_tokens")),
    (lambda: [layers.IntegerLookup(vocabulary=[3, 5])], (LookupKind.KEYS, None, "")),
    (lambda: [layers.Hashing(8)], (LookupKind.KEYS, None, "")),
    (lambda: [OwnEmbedding(10, 2)], None),
    (lambda: [layers.Lambda(lambda x: x + 1, output_shape=(None,)), layers.Embedding(10, 2)], None),
    (lambda: [layers.IntegerLookup(vocabulary=[3, 5]), layers.Embedding(4, 2)], (LookupKind.KEYS, None, "")),
]


@pytest.mark.parametrize(("make", "expected"), READERS)
def test_what_looks_values_up_stands_directly_behind_the_input(make: Any, expected: Any) -> None:
    lookup = sole(through(*make(), shape=(3,))).lookup
    assert (lookup and (lookup.kind, lookup.size, lookup.argument)) == expected


def ragged_through(*stack: Any) -> bool:
    """Whether Keras runs layers on a ragged tensor."""
    model = keras.Sequential([keras.Input((None, 2)), *stack])
    ragged = tf.ragged.constant([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], ragged_rank=1)
    try:
        model(ragged)
    except (TypeError, ValueError, tf.errors.InvalidArgumentError):
        return False
    return True


RAGGED = [
    # what is behind the input, which of it fails on ragged tensors
    (lambda: [layers.LSTM(2, name="bad")], "LSTM"),
    (lambda: [layers.GRU(2, name="bad")], "GRU"),
    (lambda: [layers.Bidirectional(layers.LSTM(2), name="bad")], "Bidirectional"),
    (lambda: [layers.Conv1D(2, 1, name="bad")], "Conv1D"),
    (lambda: [layers.MaxPooling1D(1, name="bad")], "MaxPooling1D"),
    (lambda: [layers.AveragePooling1D(1, name="bad")], "AveragePooling1D"),
    (lambda: [layers.TimeDistributed(layers.Dense(2), name="bad")], "TimeDistributed"),
    (lambda: [layers.Activation("relu"), layers.LSTM(2, name="bad")], "LSTM"),
    (lambda: [layers.LayerNormalization(), layers.Conv1D(2, 1, name="bad")], "Conv1D"),
    (lambda: [layers.GlobalAveragePooling1D()], None),
    (lambda: [layers.GlobalMaxPooling1D()], None),
    (lambda: [layers.Rescaling(2.0), layers.GlobalAveragePooling1D()], None),
    (lambda: [layers.BatchNormalization(), layers.GlobalAveragePooling1D()], None),
]


@pytest.mark.parametrize(("make", "expected"), RAGGED)
def test_layers_that_fail_on_ragged_tensors(make: Any, expected: str | None) -> None:
    model = through(*make(), shape=(None, 2), dtype="float32")
    assert sole(model).dense_only == (expected and f'{expected} "bad"')
    assert ragged_through(*make()) is (expected is None)


def test_ragged_ids_reach_a_recurrent_layer_through_an_embedding() -> None:
    model = through(layers.Embedding(9, 2), layers.LSTM(2, name="bad"))
    assert sole(model).dense_only == 'LSTM "bad"'


FACTS = [
    # values, the dtype of the input, what was seen
    (np.array([[3, -1]]), "int32", IdFacts(-1, 3)),
    (np.array([[3, 200]], "uint8"), "float32", IdFacts(3, 200)),
    (np.array([1.0, 2.5, 3.5]), "float32", IdFacts(1, 3.5, fraction=2.5)),
    (np.array([16777216, 16777218]), "float32", IdFacts(16777216, 16777218)),
    (np.array([1, 16777217]), "float32", IdFacts(1, 16777217, rounded=(16777217, 16777216))),
    (np.array([2049, 1]), "float16", IdFacts(1, 2049, rounded=(2049, 2048))),
    (np.array([257, 1]), "bfloat16", IdFacts(1, 257, rounded=(257, 256))),
    (np.array([1, 16777217]), "int64", IdFacts(1, 16777217)),
    (np.array([1, 16777217]), None, IdFacts(1, 16777217)),
    (tf.constant([1, 2]), "float32", IdFacts(1, 2)),
    (np.array([1.0, np.nan]), "float32", IdFacts(1, 1, missing=1)),
    (np.array([]), "float32", None),
    (np.array(["a"]), "string", None),
    (None, "float32", None),
]


@pytest.mark.parametrize(("values", "dtype", "expected"), FACTS)
def test_facts_of_ids(values: Any, dtype: str | None, expected: IdFacts | None) -> None:
    assert id_facts(values, dtype) == expected


def test_every_id_is_looked_at() -> None:
    values = np.zeros((100_000,), "int64")
    values[-1] = 7
    assert id_facts(values, "int32") == IdFacts(0, 7)
