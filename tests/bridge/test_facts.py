"""Which contract a Keras layer has, typed or plain, and what its weights fix."""

from __future__ import annotations

from typing import Any

import keras
import pytest
import tensorflow as tf

from typedlayers import layers
from typedlayers.bridge.contracts import catalogue_contract, facts_of, fixes_batch, label_of, resolve_catalogue
from typedlayers.catalogue import CONTRACTS

InputSpec = keras.layers.InputSpec


class Calls(keras.layers.Dense):
    def call(self, inputs):
        return super().call(inputs)


class Builds(keras.layers.Dense):
    def build(self, input_shape):
        super().build(input_shape)


class Named(keras.layers.Dense):
    """Neither."""


class Dense(keras.layers.Layer):
    """A class of the user's with a name of Keras's."""

    def call(self, x):
        return x


FOUND = [
    # class, the contract's name
    (keras.layers.Dense, "Dense"),
    (keras.layers.MaxPool2D, "MaxPooling2D"),
    (keras.layers.Convolution2D, "Conv2D"),
    (layers.Dense, "Dense"),
    (Named, "Dense"),
    (type("Below", (Named,), {}), "Dense"),
    (Calls, None),
    (type("Below", (Calls,), {}), None),
    (Builds, None),
    (Dense, None),
    (keras.layers.Layer, None),
    (keras.layers.TFSMLayer, None),
    (keras.Sequential, None),
]


@pytest.mark.parametrize(("cls", "name"), FOUND)
def test_catalogue_contract(cls: type, name: str | None) -> None:
    assert catalogue_contract(cls) is (None if name is None else CONTRACTS[name])


FACTS = [
    # input spec, facts as (axis, size, least, most)
    (None, []),
    (InputSpec(ndim=3), [(None, None, 3, 3)]),
    (InputSpec(min_ndim=2), [(None, None, 2, None)]),
    (InputSpec(max_ndim=4), [(None, None, None, 4)]),
    (InputSpec(min_ndim=0), [(None, None, 0, None)]),
    (InputSpec(axes={-1: 3}), [(-1, 3, None, None)]),
    (InputSpec(min_ndim=2, axes={-1: 3, 1: 4}), [(None, None, 2, None), (-1, 3, None, None), (1, 4, None, None)]),
    (InputSpec(shape=(None, 3)), [(None, None, 2, 2), (0, None, None, None), (1, 3, None, None)]),
    (InputSpec(shape=(None, 3, 1), allow_last_axis_squeeze=True), []),
    ([InputSpec(ndim=3), InputSpec(ndim=2)], []),
    ({"a": InputSpec(ndim=3)}, []),
]


@pytest.mark.parametrize(("spec", "facts"), FACTS)
def test_facts_of_an_input_spec(spec: Any, facts: list[Any]) -> None:
    layer = keras.layers.Layer()
    layer.input_spec = spec
    assert [(fact.axis, fact.size, fact.least, fact.most) for fact in facts_of(layer)] == facts


def test_a_fact_says_where_it_comes_from() -> None:
    layer = keras.layers.Dense(3, name="head")
    layer.input_spec = InputSpec(axes={-1: 4})
    assert [str(fact.source) for fact in facts_of(layer)] == ['the input_spec of Dense "head"']
    layer(tf.ones((2, 4)))
    assert [str(fact.source) for fact in facts_of(layer)] == [
        "Dense works on this number of axes",
        'the weights of Dense "head"',
    ]


BATCH = [
    # input spec, whether it says something of the batch
    (None, False),
    (InputSpec(ndim=3), False),
    (InputSpec(ndim=3, axes={-1: 4, 1: 3}), False),
    (InputSpec(shape=(None, 4)), False),
    (InputSpec(shape=(2, 4)), True),
    (InputSpec(axes={0: 2}), True),
    (InputSpec(ndim=3, axes={-3: 2}), True),
    ([InputSpec(ndim=3)], True),
]


@pytest.mark.parametrize(("spec", "fixes"), BATCH)
def test_fixes_batch(spec: Any, fixes: bool) -> None:
    layer = keras.layers.Layer()
    layer.input_spec = spec
    assert fixes_batch(layer) is fixes


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "float64"])
def test_a_contract_for_a_plain_layer(policy: str) -> None:
    layer = keras.layers.Dense(3, dtype=policy)
    layer(tf.ones((2, 4)))
    resolved = resolve_catalogue(layer, CONTRACTS["Dense"])
    assert resolved.contract is CONTRACTS["Dense"]
    assert (resolved.policy.compute, resolved.policy.variable) == (layer.compute_dtype, layer.variable_dtype)
    assert [fact.size for fact in resolved.facts if fact.axis == -1] == [4]
    assert not resolved.own


def test_a_label_is_the_users_own_name() -> None:
    assert label_of(layers.Conv2D(2, 3, name="conv1")) == 'Conv2D "conv1"'
    assert label_of(Named(2, name="head")) == 'Named "head"'
