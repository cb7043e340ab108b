"""A model called on tensors without values: what it shows, and that nothing of it is kept."""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.bridge import evidence
from typedlayers.bridge.copies import is_built, stateless_copy
from typedlayers.bridge.dry_run import dry_run
from typedlayers.bridge.model_graph import kept_graph
from typedlayers.facts.graph import Graph, Maker
from typedlayers.spec import Spec

IMAGE = Spec("float32", (8, 6, 6, 3))
TABLE = Spec("float32", (8, 4))


class Scaled(layers.Layer):
    """A layer with a weight of its own, a layer inside, and an op."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.inner = layers.Dense(5, activation="relu", name="inner")
        self.drop = layers.Dropout(0.5)

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight(shape=(5,), name="scale")

    def call(self, x: Any, training: bool = False) -> Any:
        return self.drop(self.inner(x), training=training) * self.scale


class Net(tl.Model):
    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.blocks = [Scaled(name="one"), {"two": Scaled(name="two")}]
        self.head = layers.Dense(2, activation="softmax", name="head")

    def call(self, x: Any, training: bool = False) -> Any:
        print("called")
        x = self.blocks[0](x / 255.0, training=training)
        return self.head(self.blocks[1]["two"](x, training=training))


def kinds(graph: Graph | None) -> list[str]:
    assert graph is not None
    return [node.kind if node.maker is not Maker.OP else f"op {node.kind}" for node in graph.nodes]


def wired(graph: Graph | None) -> bool:
    """Each call gets what the one before it gave, the first one the input."""
    assert graph is not None
    passed = [graph.inputs[0], *(node.gives[0] for node in graph.nodes)]
    handed_on = all(node.gets[0].key == edge.key for node, edge in zip(graph.nodes, passed, strict=False))
    return handed_on and graph.outputs[0].key == passed[-1].key


def test_a_subclassed_model_is_seen_with_the_ops_between_its_layers() -> None:
    run = dry_run(Net(), TABLE)
    block = ["Dense", "Dropout", "op Mul"]
    assert kinds(run.flat) == ["op RealDiv", *block, *block, "Dense"]
    assert wired(run.flat)
    assert run.graph is not None
    assert run.graph.names == ("net",)
    assert [edge.shape for edge in run.graph.outputs] == [(None, 2)]
    assert run.failed == ""


def test_nothing_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    net, before = Net(), random.getstate()
    dry_run(net, TABLE)
    assert random.getstate() == before
    assert net.weights == []
    assert not any(layer.built for layer in (net, net.blocks[0], net.blocks[0].inner, net.head))
    assert capsys.readouterr().out == ""


def test_names_and_seeds_are_those_of_a_program_without_a_dry_run() -> None:
    def trained(look: bool) -> tuple[list[str], Any]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(3)
        net = Net()
        if look:
            dry_run(net, TABLE)
        net.compile("sgd", "mse")
        net.fit(np.ones((8, 4), "float32"), np.ones((8, 2)), verbose=0)
        return [weight.path for weight in net.weights], [np.asarray(weight) for weight in net.weights]

    plain, looked = trained(False), trained(True)
    assert plain[0] == looked[0]
    assert all(np.array_equal(one, two) for one, two in zip(plain[1], looked[1], strict=True))


def test_a_sequential_without_an_input_keeps_masks() -> None:
    net = tl.Sequential(
        [layers.Embedding(9, 4, mask_zero=True), layers.LSTM(3, return_sequences=True), layers.Dense(1)]
    )
    run = dry_run(net, Spec("int32", (2, 5)))
    assert run.graph is not None
    assert [node.gives[0].masked for node in run.graph.nodes] == [True, True, True]
    assert not net.built


def test_a_plain_model_is_seen_too_and_left_as_it_was() -> None:
    net = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(2)])
    run = dry_run(net, TABLE)
    assert kinds(run.graph) == ["Dense", "Dense"]
    assert [sorted(name for name in vars(layer) if name.startswith("_typedlayers")) for layer in net.layers] == [[], []]
    assert keras.layers.Layer.__call__ is keras.layers.Dense.__call__


def test_a_model_that_keras_keeps_is_seen_inside_its_custom_layers() -> None:
    net = tl.Sequential([tl.Input((4,)), Scaled(name="one"), layers.Dense(2)])
    assert kinds(kept_graph(net)) == ["", "Dense"]
    run = dry_run(net, TABLE)
    assert kinds(run.flat) == ["Dense", "Dropout", "op Mul", "Dense"]
    assert wired(run.flat)


class StepsFirst(tl.Layer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = layers.Dense(2)

    def call(self, x: Any) -> Any:
        return tf.stack([self.cell(x), x[:, :2]])


def test_an_op_is_named_with_the_layer_that_it_stands_in() -> None:
    run = dry_run(tl.Sequential([layers.Dense(3), StepsFirst(name="steps")]), TABLE)
    assert run.flat is not None
    last = run.flat.nodes[-1].subject
    assert last.label == 'op Pack inside StepsFirst "steps"'
    assert last.where.line is not None


class Scores(tl.Model):
    """Adds up two tensors, for each sample or for all of them."""

    def __init__(self, add_up: Any) -> None:
        super().__init__(name="scores")
        self.one, self.two, self.bias = layers.Dense(4), layers.Dense(4), layers.Dense(1)
        self.add_up = add_up

    def call(self, x: Any) -> Any:
        return keras.ops.sigmoid(self.add_up(self.one(x), self.two(x)) + self.bias(x) + 1.0)


ADDED_UP = {
    "all samples": (lambda one, two: keras.ops.tensordot(one, two, 2), ["TL220"]),
    "all samples, as a sum": (lambda one, two: tf.reduce_sum(one * two), ["TL220"]),
    "each sample": (lambda one, two: keras.ops.sum(one * two, axis=-1, keepdims=True), []),
    "the mean of all": (lambda one, two: tf.reduce_mean(one * two), []),
    "a constant": (lambda one, two: tf.constant(1.0), []),
}


@pytest.mark.parametrize(("add_up", "codes"), ADDED_UP.values(), ids=list(ADDED_UP))
def test_a_number_of_all_samples_is_seen_between_layers(add_up: Any, codes: list[str]) -> None:
    model = Scores(add_up)
    model.compile("sgd", "binary_crossentropy")
    x, y = np.ones((8, 3), "float32"), np.arange(8).reshape(8, 1) % 2
    assert [one.code for one in tl.check(model, x, targets=y).diagnostics] == codes


def test_a_broken_contract_is_found() -> None:
    run = dry_run(tl.Sequential([layers.Dense(3), layers.Conv2D(4, 3, name="conv")]), TABLE)
    assert run.graph is None
    assert [one.code for one in run.found] == ["TL201"]


class Raises(tl.Model):
    def call(self, x: Any) -> Any:
        raise KeyError("not this one")


def test_what_the_user_s_code_raises_is_told() -> None:
    run = dry_run(Raises(), TABLE)
    assert run.graph is None
    assert run.found == ()
    assert "not this one" in run.failed


class Hidden(tl.Model):
    """Calls a layer that is no attribute of it, and that would be built for good."""

    HEAD = keras.layers.Dense(2)

    def call(self, x: Any) -> Any:
        return (lambda y: Hidden.HEAD(y))(x)


def test_a_layer_that_cannot_be_copied_is_not_built() -> None:
    run = dry_run(Hidden(), TABLE)
    assert run.graph is None
    assert "not an attribute" in run.failed
    assert not Hidden.HEAD.built


def test_a_built_layer_is_no_copy() -> None:
    built, unbuilt = keras.layers.Dense(2), keras.layers.Dense(2)
    built.build((None, 4))
    originals: dict[int, Any] = {}
    assert stateless_copy(built, originals) is built
    copy = stateless_copy(unbuilt, originals)
    assert copy is not unbuilt
    assert originals == {id(copy): unbuilt}
    assert not is_built(copy)


def test_one_layer_in_two_places_is_copied_once() -> None:
    inner = layers.Dense(4)
    net = tl.Sequential([inner, layers.ReLU(), inner])
    run = dry_run(net, TABLE)
    assert kinds(run.graph) == ["Dense", "ReLU", "Dense"]
    assert run.graph is not None
    assert run.graph.nodes[0].layer is inner
    assert run.graph.nodes[2].layer is inner


def test_several_inputs_and_outputs() -> None:
    class Two(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.left, self.right = layers.Dense(3, name="left"), layers.Dense(2, name="right")

        def call(self, x: Any) -> Any:
            return {"b": self.right(x["two"]), "a": self.left(x["one"])}

    run = dry_run(Two(), {"one": TABLE, "two": Spec("float32", (8, 7))})
    assert run.graph is not None
    assert run.graph.names == ("a", "b")
    assert [edge.shape for edge in run.graph.outputs] == [(None, 3), (None, 2)]
    assert [edge.shape for edge in run.graph.inputs] == [(None, 4), (None, 7)]


def test_one_image_in_a_model_of_the_user_is_run_dry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy in a dry run gets one image too, and may not begin a dry run of its own."""
    runs: list[Any] = []
    real = evidence.dry_run
    monkeypatch.setattr(evidence, "dry_run", lambda model, x: runs.append(model) or real(model, x))
    net = Net()
    net(np.zeros((1, 6, 6, 3), "float32"))
    assert runs == [net]
