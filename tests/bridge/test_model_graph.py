"""The graph of a model as Keras kept it: nested models, shared layers, several inputs; a dry run sees the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest

from tests.keras_versions import VERSION
from typedlayers import layers
from typedlayers.bridge.dry_run import dry_run
from typedlayers.bridge.model_graph import kept_graph, layers_in_order
from typedlayers.bridge.tensors import specs_of
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.facts.outputs import heads_of
from typedlayers.spec import Spec

L = keras.layers
assert layers  # plain layers are seen in a dry run once the typed ones are loaded


def kept(model: Any) -> Graph:
    graph = kept_graph(model)
    assert graph is not None
    return graph


def calls(graph: Graph) -> list[tuple[Any, ...]]:
    """What a graph says, without keys: its tensors are numbered in the order in which they are made."""
    numbers: dict[int, int] = {}

    def number(edges: tuple[Edge, ...]) -> list[int]:
        return [numbers.setdefault(edge.key, len(numbers)) for edge in edges]

    said: list[tuple[Any, ...]] = [("inputs", number(graph.inputs), [edge.shape for edge in graph.inputs])]
    for node in graph.nodes:
        tensors = [(edge.spec.dtype, edge.shape, edge.masked) for edge in node.gives]
        facts = (node.kind, node.maker, node.activation, node.learns, node.contract is not None)
        said.append((node.subject.label, number(node.gets), number(node.gives), tensors, facts))
    return [*said, ("outputs", graph.names, number(graph.outputs))]


def wires(graph: Graph) -> list[str]:
    """Each call as ``name(names of the calls or inputs that made what it gets)``."""
    made = {edge.key: f"input {index}" for index, edge in enumerate(graph.inputs)}
    said = []
    for node in graph.nodes:
        name = node.subject.short.strip('"')
        said.append(f"{name}({', '.join(made[edge.key] for edge in node.gets)})")
        made |= {edge.key: name for edge in node.gives}
    return [*said, ", ".join(made[edge.key] for edge in graph.outputs)]


def dense(name: str, units: int = 2, **more: Any) -> Any:
    return L.Dense(units, name=name, **more)


def a_chain() -> Any:
    return keras.Sequential(
        [keras.Input((3,)), dense("one", activation="relu"), L.Dropout(0.1, name="drop"), dense("two")]
    )


def a_nested_model() -> Any:
    inner = keras.Sequential([keras.Input((3,)), dense("a", 4), dense("b", 4)], name="inner")
    middle_in = keras.Input((3,))
    middle = keras.Model(middle_in, dense("c")(inner(middle_in)), name="middle")
    x = keras.Input((3,))
    return keras.Model(x, dense("head")(middle(x)))


def a_model_called_twice() -> Any:
    tower_in = keras.Input((3,))
    tower = keras.Model(tower_in, dense("tower", 4)(tower_in))
    left, right = keras.Input((3,)), keras.Input((3,))
    return keras.Model([left, right], L.Subtract(name="difference")([tower(left), tower(right)]))


def a_shared_layer() -> Any:
    left, right = keras.Input((3,)), keras.Input((3,))
    shared = dense("shared")
    return keras.Model([left, right], L.Concatenate(name="join")([shared(left), shared(right)]))


def inputs_by_name() -> Any:
    image, table = keras.Input((6, 6, 3), name="image"), keras.Input((4,), name="table")
    pooled = L.GlobalAveragePooling2D(name="pool")(L.Conv2D(2, 3, name="conv")(image))
    joined = L.Concatenate(name="join")([pooled, table])
    return keras.Model({"table": table, "image": image}, {"z": dense("z")(joined), "a": dense("a")(joined)})


def a_nested_model_of_several() -> Any:
    one, two = keras.Input((3,)), keras.Input((3,))
    inner = keras.Model([one, two], [dense("p")(one), L.Add(name="q")([one, two])], name="inner")
    x = keras.Input((3,))
    p, q = inner([dense("before", 3)(x), x])
    return keras.Model(x, L.Concatenate(name="join")([q, p]))


def a_masked_model() -> Any:
    ids = keras.Input((5,), dtype="int32")
    x = L.Embedding(10, 4, mask_zero=True, name="words")(ids)
    x = L.LSTM(3, return_sequences=True, name="rnn")(L.Dropout(0.1, name="drop")(x))
    return keras.Model(ids, L.TimeDistributed(dense("inside"), name="tags")(x))


MODELS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "a chain": (a_chain, ["one(input 0)", "drop(one)", "two(drop)", "two"]),
    "models inside models": (a_nested_model, ["a(input 0)", "b(a)", "c(b)", "head(c)", "head"]),
    "a model called twice": (
        a_model_called_twice,
        ["tower(input 0)", "tower(input 1)", "difference(tower, tower)", "difference"],
    ),
    "a shared layer": (a_shared_layer, ["shared(input 0)", "shared(input 1)", "join(shared, shared)", "join"]),
    "several inputs, several outputs": (
        inputs_by_name,
        ["conv(input 0)", "pool(conv)", "join(pool, input 1)", "z(join)", "a(join)", "a, z"],
    ),
    "a model inside with several inputs and outputs": (
        a_nested_model_of_several,
        ["before(input 0)", "q(before, input 0)", "p(before)", "join(q, p)", "join"],
    ),
    "masks": (a_masked_model, ["words(input 0)", "drop(words)", "rnn(drop)", "tags(rnn)", "tags"]),
}


def struct_of(model: Any) -> Any:
    """The specs of the inputs, nested as the model takes them."""
    return specs_of(model.inputs[0] if isinstance(model, keras.Sequential) else model.input)


@pytest.mark.parametrize("name", MODELS)
def test_the_calls_of_a_model_and_what_each_gets(name: str) -> None:
    make, expected = MODELS[name]
    assert wires(kept(make())) == expected


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"masks"}))
def test_a_dry_run_sees_what_keras_kept(name: str) -> None:
    # Keras computes the masks of a model that it keeps by ops of the model, which a dry run shows
    model = MODELS[name][0]()
    run = dry_run(model, struct_of(model))
    assert run.failed == ""
    assert run.graph is not None
    assert calls(run.graph) == calls(kept(model))


@pytest.mark.parametrize("name", MODELS)
def test_both_graphs_tell_the_same_of_the_outputs(name: str) -> None:
    model = MODELS[name][0]()
    run = dry_run(model, struct_of(model))
    if name == "masks" and VERSION < (3, 11):
        pytest.skip("masks are computed by Python's `and`, which a dry run has no values for")
    assert run.graph is not None
    two = [
        [(one.name, one.subject.label, one.shape, one.activation, one.width, one.masked) for one in heads_of(graph)]
        for graph in (kept(model), run.graph)
    ]
    assert two[0] == two[1] != []


def test_a_mask_goes_along_with_its_tensor_in_both_graphs() -> None:
    def stack() -> list[Any]:
        tags = L.TimeDistributed(dense("inside"), name="tags")
        return [L.Embedding(10, 4, mask_zero=True, name="words"), L.LSTM(3, return_sequences=True, name="rnn"), tags]

    run = dry_run(keras.Sequential(stack()), Spec("int32", (8, 5)))
    assert run.graph is not None
    built = keras.Sequential([keras.Input((5,), dtype="int32"), *stack()])
    assert wires(run.graph) == wires(kept(built)) == ["words(input 0)", "rnn(words)", "tags(rnn)", "tags"]
    assert [node.gives[0].masked for node in kept(built).nodes] == [True, True, True]


def test_a_mask_that_the_user_gives_is_an_argument() -> None:
    x, mask = keras.Input((5, 3)), keras.Input((5,), dtype="bool")
    graph = kept(keras.Model([x, mask], L.LSTM(2, name="rnn")(x, mask=keras.ops.logical_not(mask))))
    assert wires(graph)[-2:] == ["rnn(input 0, logical_not)", "rnn"]


def test_two_calls_of_one_layer_are_two_tensors() -> None:
    one, two, join = kept(a_shared_layer()).nodes
    assert one.layer is two.layer
    assert one.gives[0].key != two.gives[0].key
    assert [edge.key for edge in join.gets] == [one.gives[0].key, two.gives[0].key]


def test_a_layer_inside_a_wrapper_over_time_is_known() -> None:
    tags = kept(a_masked_model()).nodes[-1]
    assert tags.core.subject.label == 'Dense "inside"'
    assert tags.core.gets == ()


def test_an_op_between_layers_is_a_call() -> None:
    x = keras.Input((3,))
    graph = kept(keras.Model(x, dense("head")(keras.ops.exp(x))))
    assert [(node.maker, node.kind) for node in graph.nodes] == [(Maker.OP, "Exp"), (Maker.KERAS, "Dense")]


def test_what_keras_did_not_keep_has_no_graph() -> None:
    class Own(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs

    assert kept_graph(keras.Sequential([dense("one")])) is None
    assert kept_graph(Own()) is None


def test_a_model_of_the_users_inside_is_one_call_of_unknown_content() -> None:
    class Own(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs * 2

    x = keras.Input((3,))
    graph = kept(keras.Model(x, dense("head")(Own(name="own")(x))))
    assert wires(graph) == ["own(input 0)", "head(own)", "head"]
    assert graph.nodes[0].kind == ""
    assert graph.nodes[0].maker is Maker.USER


def test_layers_that_get_nothing_yet_are_in_order() -> None:
    nodes = layers_in_order(keras.Sequential([dense("one"), L.Dropout(0.1), dense("two")], name="net"))
    assert [(node.kind, node.gets, node.gives) for node in nodes] == [
        ("Dense", (), ()),
        ("Dropout", (), ()),
        ("Dense", (), ()),
    ]
    assert nodes[2].subject.where.within == 'layer 3 of 3 in Sequential "net"'
