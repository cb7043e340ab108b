"""A model's outputs, read into heads: the layer that makes each, its activation, and the way that led there."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from tests.keras_versions import VERSION
from typedlayers.bridge.model_graph import kept_graph
from typedlayers.bridge.outputs import heads_given, is_run_as_graph, output_names
from typedlayers.facts.outputs import Head, Kind, heads_of

L = keras.layers


def heads(model: Any) -> tuple[Head, ...]:
    graph = kept_graph(model)
    return () if graph is None else heads_of(graph)


def head(shape: tuple[int | None, ...], *layers: Any) -> Head:
    (only,) = heads(keras.Sequential([keras.Input(shape), *layers]))
    return only


class Own(L.Dense):
    def call(self, inputs: Any, training: bool = False) -> Any:
        return keras.ops.exp(super().call(inputs))


class Kept(L.Dense):
    """A subclass that computes what Dense computes."""


ACTIVATIONS = {
    "none is linear": ((3,), [L.Dense(2)], "linear"),
    "a name": ((3,), [L.Dense(2, activation="softmax")], "softmax"),
    "a function of Keras": ((3,), [L.Dense(2, activation=keras.activations.sigmoid)], "sigmoid"),
    "a function of one's own": ((3,), [L.Dense(2, activation=lambda x: x)], None),
    "a function with a known name": ((3,), [L.Dense(2, activation=keras.ops.relu)], None),
    "a layer of its own": ((3,), [L.Dense(2), L.Activation("tanh")], "tanh"),
    "a softmax layer": ((3,), [L.Dense(2), L.Softmax()], "softmax"),
    "a softmax over another axis": ((4, 3), [L.Softmax(axis=1)], None),
    "ReLU": ((3,), [L.ReLU()], "relu"),
    "ReLU with a slope": ((3,), [L.ReLU(negative_slope=0.1)], None),
    "through a reshape": ((3,), [L.Dense(2, activation="sigmoid"), L.Reshape((2, 1))], "sigmoid"),
    "a softmax through a reshape": ((3,), [L.Dense(4, activation="softmax"), L.Reshape((2, 2))], None),
    "a softmax through a reshape that keeps rows": (
        (6, 3),
        [L.Dense(4, activation="softmax"), L.Reshape((2, 3, 4))],
        "softmax",
    ),
    "a softmax through a repetition": ((3,), [L.Dense(4, activation="softmax"), L.RepeatVector(5)], "softmax"),
    "a softmax through nothing": ((3,), [L.Dense(4, activation="softmax"), L.Identity()], "softmax"),
    "a softmax that is cast": (
        (3,),
        [L.Dense(4, activation="softmax", dtype="float16"), L.Activation("linear", dtype="float32")],
        "softmax",
    ),
    "a softmax that is turned": ((4, 3), [L.Dense(4, activation="softmax"), L.Permute((2, 1))], None),
    "a softmax that is flattened": ((4, 3), [L.Dense(4, activation="softmax"), L.Flatten()], None),
    "through no activation": ((3,), [L.Dense(2, activation="sigmoid"), L.Activation("linear")], "sigmoid"),
    "convolution": ((8, 8, 3), [L.Conv2D(2, 1, activation="softmax")], "softmax"),
    "inside TimeDistributed": ((5, 3), [L.TimeDistributed(L.Dense(2, activation="relu"))], "relu"),
    "a gated state": ((5, 3), [L.LSTM(2)], "tanh"),
    "a gated softmax": ((5, 3), [L.LSTM(2, activation="softmax")], None),
    "normalization": ((3,), [L.Dense(2), L.BatchNormalization()], None),
    "Lambda": ((3,), [L.Dense(2), L.Lambda(lambda x: x)], None),
    "a class of one's own": ((3,), [Own(2)], None),
    "a class that keeps its call": ((3,), [Kept(2, activation="relu")], "relu"),
    "a model inside": ((3,), [keras.Sequential([keras.Input((3,)), L.Dense(2, activation="relu")])], "relu"),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_activation_of_a_head(name: str) -> None:
    if name == "a softmax that is cast" and VERSION < (3, 11):
        pytest.skip("the op that Keras puts between two dtypes has no public name")
    shape, layers, expected = ACTIVATIONS[name]
    activation = head(shape, *layers).activation
    assert (None if activation is None else activation.name) == expected


FREE = {
    "dense": ([L.Dense(2)], True),
    "frozen": ([L.Dense(2, trainable=False)], False),
    "constrained": ([L.Dense(2, kernel_constraint="non_neg")], False),
    "no weights": ([L.Dense(2), L.Activation("relu")], False),
}


@pytest.mark.parametrize("name", FREE)
def test_whether_a_head_can_give_any_number_before_its_activation(name: str) -> None:
    layers, expected = FREE[name]
    assert head((3,), *layers).trained is expected


WIDTHS = {
    "units": ((3,), [L.Dense(2, name="head")], 'units=5 in Dense "head"'),
    "filters": ((8, 8, 3), [L.Conv2D(2, 1, name="head")], 'filters=5 in Conv2D "head"'),
    "a cast after it": (
        (3,),
        [L.Dense(2, name="head"), L.Activation("linear", dtype="float32")],
        'units=5 in Dense "head"',
    ),
    "nothing after it": ((3,), [L.Dense(2, name="head"), L.Identity()], 'units=5 in Dense "head"'),
    "repeated": ((3,), [L.Dense(2, name="head"), L.RepeatVector(4)], 'units=5 in Dense "head"'),
    "reshaped": ((4, 3), [L.Dense(2, name="head"), L.Reshape((2, 2, -1))], 'units=5 in Dense "head"'),
    "inside": (
        (5, 3),
        [L.TimeDistributed(L.Dense(2, name="inner"), name="outer")],
        'units=5 in Dense "inner" of TimeDistributed "outer"',
    ),
}


@pytest.mark.parametrize("name", WIDTHS)
def test_what_sets_the_last_axis(name: str) -> None:
    shape, layers, expected = WIDTHS[name]
    width = head(shape, *layers).width
    assert width is not None
    assert str(width.of(5)) == expected


UNKNOWN_WIDTHS = {
    "a reshape that names it": ((4, 3), [L.Dense(2), L.Reshape((2, 2, 2))]),
    "a reshape of rows": ((4, 3), [L.Dense(2), L.Reshape((2, -1))]),
    "turned": ((2, 3), [L.Dense(2), L.Permute((2, 1))]),
    "flattened": ((1, 3), [L.Dense(2), L.Flatten()]),
}


@pytest.mark.parametrize("name", UNKNOWN_WIDTHS)
def test_where_no_argument_alone_sets_the_last_axis(name: str) -> None:
    shape, layers = UNKNOWN_WIDTHS[name]
    assert head(shape, *layers).width is None


def test_the_way_to_a_head_goes_back_through_inner_models() -> None:
    inner = keras.Sequential([keras.Input((6, 6, 3)), L.Conv2D(4, 3), L.Dropout(0.1)])
    found = head((6, 6, 3), inner, L.Reshape((16, 4)), L.GRU(2, return_sequences=True), L.Dense(1))
    assert [stage.kind for stage in found.stages] == [Kind.DENSE, Kind.ALL_STEPS, Kind.MIXED, Kind.APART, Kind.MIXED]
    assert found.stages[-1].gets == (None, 6, 6, 3)


def test_the_way_ends_where_tensors_meet() -> None:
    x = keras.Input((3,))
    merged = L.Add(name="sum")([L.Dense(1, name="a")(x), L.Dense(4, name="b")(x)])
    (found,) = heads(keras.Model(x, merged))
    assert [(branch.label, branch.shape) for branch in found.branches] == [
        ('Dense "a"', (None, 1)),
        ('Dense "b"', (None, 4)),
    ]
    assert len(found.stages) == 1


def test_logits_are_found_behind_the_very_last_activation_only() -> None:
    softmax = lambda: L.Dense(2, activation="softmax")  # noqa: E731
    assert head((3,), softmax()).bare
    assert not head((5, 3), L.TimeDistributed(softmax())).bare
    assert not head((3,), softmax(), L.Reshape((2,))).bare
    assert not head((3,), L.Dense(2, activation="softmax", dtype="float16")).bare


def test_a_mask_is_seen() -> None:
    assert head((5, 3), L.Masking(), L.LSTM(2, return_sequences=True)).masked
    assert not head((5, 3), L.Masking(), L.LSTM(2)).masked


def test_names_of_outputs_are_those_that_fit_knows() -> None:
    x = keras.Input((3,))
    one, two = L.Dense(1, name="one")(x), L.Dense(2, name="two")(x)
    assert output_names(keras.Model(x, [one, two])) == ("one", "two")
    assert output_names(keras.Model(x, {"z": one, "a": two})) == ("a", "z")


def test_a_model_that_is_no_graph_has_no_heads() -> None:
    assert heads(keras.Sequential([L.Dense(2)])) == ()


def test_a_model_with_a_call_of_its_own_is_not_run_as_graph() -> None:
    class Shifted(keras.Model):
        def call(self, inputs: Any) -> Any:
            return super().call(inputs) + 1

    x = keras.Input((3,))
    parts = {"inputs": x, "outputs": L.Dense(1)(x)}
    assert is_run_as_graph(keras.Model(**parts))
    assert not is_run_as_graph(Shifted(**parts))
    assert heads(Shifted(**parts)) == ()


def test_what_a_loss_sees_of_a_subclassed_model() -> None:
    model = keras.Sequential(name="net")
    one, two = keras.KerasTensor((None, 2)), keras.KerasTensor((None, 3))
    assert [h.name for h in heads_given(model, one)] == ["net"]
    assert [h.shape for h in heads_given(model, {"b": two, "a": one})] == [(None, 2), (None, 3)]
    assert heads_given(model, [object()]) == ()
