"""A Sequential's stack, the layers inside a layer, and its layers as nodes."""

from __future__ import annotations

from typing import Any

import keras
import pytest

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge.model_graph import layers_in_order
from typedlayers.bridge.stack import inner_layers, input_layer, set_stack, stack_of
from typedlayers.spec import Spec


def model(home: Any = keras) -> Any:
    return home.Sequential(
        [keras.Input((4,), name="table"), home.layers.Dense(3, name="one"), home.layers.Dense(2, name="two")],
        name="net",
    )


@pytest.mark.parametrize("home", [keras, tl])
def test_the_stack_has_the_input_first(home: Any) -> None:
    assert [layer.name for layer in stack_of(model(home))] == ["table", "one", "two"]
    given = input_layer(model(home))
    assert given is not None
    assert given.name == "table"
    assert input_layer(home.Sequential([home.layers.Dense(3)])) is None
    assert input_layer(home.Sequential()) is None
    assert stack_of(home.Sequential()) == []


def test_the_stack_is_a_copy() -> None:
    net = model()
    stack_of(net).clear()
    assert len(net.layers) == 2


def test_the_stack_can_be_exchanged() -> None:
    net = keras.Sequential([keras.layers.Dense(3, name="one"), keras.layers.Dense(2, name="two")])
    set_stack(net, list(reversed(net.layers)))
    assert [layer.name for layer in net.layers] == ["two", "one"]


class Block(tl.Layer):
    def __init__(self) -> None:
        super().__init__(name="block")
        self.inner = [layers.Dense(3, name="a"), keras.layers.Dropout(0.5, name="b")]
        self.shared = self.inner[0]

    def call(self, x):
        return self.inner[1](self.inner[0](x))


def test_inner_layers_are_found_once() -> None:
    net = keras.Sequential([Block(), model(tl)], name="outer")
    names = [layer.name for layer in inner_layers(net)]
    assert len(set(names)) == len(names)
    assert {"outer", "block", "a", "b", "net", "one", "two"} <= set(names)
    assert [layer.name for layer in inner_layers(keras.layers.Dense(3, name="alone"))] == ["alone"]


def test_layers_in_order_name_each_layer_and_its_place() -> None:
    found = layers_in_order(model())
    assert [(node.subject.label, node.subject.short, node.subject.where.within) for node in found] == [
        ('Dense "one"', '"one"', 'layer 1 of 2 in Sequential "net"'),
        ('Dense "two"', '"two"', 'layer 2 of 2 in Sequential "net"'),
    ]


class Counts(keras.layers.Layer):
    def call(self, x):
        return x


class Fails(keras.layers.Layer):
    def compute_output_shape(self, input_shape):
        raise ValueError("not this one")


class Pair(keras.layers.Layer):
    def compute_output_shape(self, input_shape):
        return [input_shape, input_shape]


INFERRED = [
    # layer, the shape that Keras gives for (None, 8, 6); its dtype is not to be trusted
    (keras.layers.LSTM(5, return_sequences=True), Spec(None, (None, 8, 5))),
    (keras.layers.Bidirectional(keras.layers.LSTM(5)), Spec(None, (None, 10))),
    (keras.layers.Conv1D(4, 3), Spec(None, (None, 6, 4))),
    (Counts(), None),
    (Fails(), None),
    (Pair(), None),
]


@pytest.mark.parametrize(("layer", "given"), INFERRED)
def test_keras_is_asked_where_it_makes_no_weights(layer: Any, given: Any) -> None:
    (node,) = layers_in_order(keras.Sequential([layer]))
    assert node.infer(Spec("float32", (None, 8, 6))) == given
    assert node.infer(Spec("float32", None)) is None
    assert layer.weights == []
