"""TL222: a softmax or a normalization along the batch."""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.rules.graphs import Net, known
from typedlayers import layers
from typedlayers.bridge.activations import joins_samples
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.rules.engine import findings
from typedlayers.rules.shapes.batch_axis import RULE
from typedlayers.spec import Spec


def along(axis: Any, layer: str = "Softmax weights", *shape: int, batch: int | None = None, **more: Any) -> Graph:
    """A layer along an axis of what an input gives."""
    net = Net()
    x = net.input(*(shape or (5, 1)))
    if batch is not None:
        net.inputs[0] = x = Edge(x.key, Spec("float32", (batch, *(shape or (5, 1)))))
    return net.to(net.call(layer, x, *(shape or (5, 1)), axis=axis, **more))


def attending(*shape: int, batch: int | None = None) -> Graph:
    """An Attention on two tensors of one shape."""
    net = Net()
    one, two = net.input(*shape), net.input(*shape)
    if batch is not None:
        one, two = net.inputs[:] = [Edge(edge.key, Spec("float32", (batch, *shape))) for edge in (one, two)]
    return net.to(net.call("Attention attend", [one, two], *shape))


WRONG = {
    "attention on rows": (
        attending(8),
        "return_sequences=True in the recurrent layer before it, so that there are steps to attend to",
    ),
    "a layer": (along(0), 'axis=1 in Softmax "weights"'),
    "counted from the end": (along(-3), 'axis=1 in Softmax "weights"'),
    "columns": (along(0, "Softmax weights", 4), 'axis=-1 in Softmax "weights"'),
    "one of several axes": (along((0, 1), "Softmax weights", 4, 4), 'axis=-1 in Softmax "weights"'),
    "an op": (along(0, "Softmax", 4, maker=Maker.OP), "axis=-1 in op Softmax"),
    "a normalization": (along([0], "UnitNormalization unit", 4), 'axis=-1 in UnitNormalization "unit"'),
}
RIGHT = {
    "steps": along(1),
    "columns": along(-1),
    "several axes": along((1, 2)),
    "attention on sequences": attending(5, 8),
    "attention on one sequence": attending(8, batch=5),
}
LOOKS_WRONG = {
    "a number of samples that is declared": along(0, batch=8),
    "meant so": along(0, facts={"allowed": frozenset({"TL222"})}),
    "a layer that takes axis 0 for something else": along(0, "Concatenate cat", 4),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, fix = WRONG[name]
    (one,) = findings([RULE], known(graph))
    assert one.headline.endswith("the samples of a batch")
    assert one.certainty is Certainty.PERHAPS
    assert one.fixes[0].text == fix


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], known({**RIGHT, **LOOKS_WRONG}[name])) == []


def net(*rest: Any, shape: tuple[int | None, ...] = (5,)) -> Any:
    return tl.Sequential([tl.Input(shape), *rest])


def helper(t: Any) -> Any:
    return keras.ops.exp(t) / keras.ops.sum(keras.ops.exp(t), axis=0, keepdims=True)


def noisy(t: Any) -> Any:
    return t + keras.random.normal(keras.ops.shape(t)) + keras.ops.mean(t)


def of_numpy(t: Any) -> Any:
    return keras.ops.softmax(t, axis=-1) * np.random.uniform()


def missing(t: Any) -> Any:
    if t.shape[0] is None:
        return 1
    raise RuntimeError("not in a trace")


@keras.saving.register_keras_serializable("test_batch_axis")
class DenseOfColumns(layers.Dense):
    """Applies its activation to something else than its result."""

    def call(self, inputs: Any) -> Any:
        return self.activation(keras.ops.transpose(inputs))[:3] * keras.ops.mean(inputs)


JOINED = {
    "a softmax of columns": lambda: net(layers.Dense(3, activation=lambda t: keras.ops.softmax(t, axis=0), name="a")),
    "by hand": lambda: net(layers.Dense(3), layers.Activation(helper, name="a")),
    "a mean over everything": lambda: net(layers.Dense(3, activation=lambda t: t - keras.ops.mean(t), name="a")),
    "pictures": lambda: net(layers.Conv2D(2, 3, activation=helper, name="a"), shape=(6, None, 1)),
}
APART = {
    "the last axis": lambda: net(layers.Dense(3, activation=lambda t: keras.ops.softmax(t, axis=-1))),
    "the axis of steps": lambda: net(layers.Dense(3, activation=lambda t: keras.ops.softmax(t, axis=1)), shape=(4, 2)),
    "a layer of the user's": lambda: net(DenseOfColumns(3, activation=lambda t: keras.ops.softmax(t, axis=0))),
    "no axis": lambda: net(layers.Dense(3, activation=lambda t: t * keras.ops.sigmoid(t))),
    "a clipped sum of each sample": lambda: net(
        layers.Dense(3, activation=lambda t: t / keras.ops.max(t, -1, keepdims=True))
    ),
    "what is random is not compared": lambda: net(layers.Dense(3, activation=noisy)),
    "what cannot run alone": lambda: net(layers.Dense(3, activation=lambda t: keras.ops.sum(t) * missing(t))),
    "a function of Keras's": lambda: net(layers.Dense(3, activation="softmax")),
}


def made(net: Any) -> Any:
    with pytest.warns(tl.ContractWarning, match="TL222"):
        return net()


@pytest.mark.parametrize("name", JOINED)
def test_activations_along_the_batch(name: str) -> None:
    (one,) = (one for one in tl.check(made(JOINED[name])).warnings if one.code == "TL222")
    assert one.headline.startswith("the activation of ")
    assert '"a"' in one.headline
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", APART)
def test_activations_of_each_sample(name: str) -> None:
    assert [one for one in tl.check(APART[name]()).warnings if one.code == "TL222"] == []


def test_generators_go_on_as_if_nothing_was_traced() -> None:
    layer = layers.Activation(of_numpy)
    before = random.getstate(), np.random.get_state()[1].tolist()
    assert not joins_samples(layer, Spec("float32", (None, 3)))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
