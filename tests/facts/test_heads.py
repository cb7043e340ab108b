"""The outputs of a model, read from a graph alone: what makes their values, and the way that leads there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net
from typedlayers.diagnostics.edit import Argument, Remove, Replace
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.facts.outputs import Head, heads_of

SOFTMAX: Any = {"facts": {"activation": "softmax"}}
SIGMOID: Any = {"facts": {"activation": "sigmoid"}}
LINEAR: Any = {"facts": {"activation": "linear"}}
DENSE: Any = frozenset({"Dense", "Layer"})


def dense(net: Net, x: Edge, *gives: int, activation: str = "linear", name: str = "head", **more: Any) -> Edge:
    return net.call(f"Dense {name}", x, *gives, facts={"bases": DENSE, "activation": activation}, **more)


def head(graph: Graph) -> Head:
    (only,) = heads_of(graph)
    return only


def after_a_dense(*calls: tuple[str, tuple[int, ...], dict[str, Any]], activation: str = "softmax") -> Head:
    """A Dense of 4 units on vectors, and what follows it."""
    net = Net()
    x = dense(net, net.input(3), 4, activation=activation)
    for layer, gives, more in calls:
        x = net.call(layer, x, *gives, **more)
    return head(net.to(x, names=("head",)))


STILL_A_DISTRIBUTION = {
    "nothing": [],
    "Identity": [("Identity", (4,), {})],
    "a cast": [("Activation cast", (4,), LINEAR)],
    "repeated": [("RepeatVector", (5, 4), {"n": 5})],
    "rows that stay as long": [("Reshape", (2, 2, 4), {"target_shape": (2, 2, 4)})],
    "one after the other": [("Identity", (4,), {}), ("RepeatVector", (5, 4), {"n": 5}), ("Activation", (5, 4), LINEAR)],
}

NO_DISTRIBUTION = {
    "other rows": [("Reshape", (2, 2), {"target_shape": (2, 2)})],
    "a column": [("Reshape", (4, 1), {"target_shape": (4, 1)})],
    "turned": [("RepeatVector", (4, 4), {"n": 4}), ("Permute", (4, 4), {"dims": (2, 1)})],
    "flattened": [("RepeatVector", (5, 4), {"n": 5}), ("Flatten", (20,), {})],
    "an op": [("Exp", (4,), {"maker": Maker.OP})],
    "a layer of the user's": [("Mine", (4,), {"maker": Maker.USER})],
    "normalized": [("BatchNormalization", (4,), {})],
}


@pytest.mark.parametrize("name", STILL_A_DISTRIBUTION)
def test_a_softmax_sums_to_1_along_the_last_axis(name: str) -> None:
    activation = after_a_dense(*STILL_A_DISTRIBUTION[name]).activation
    assert activation is not None
    assert activation.name == "softmax"


@pytest.mark.parametrize("name", NO_DISTRIBUTION)
def test_a_softmax_that_need_not_sum_to_1_along_the_last_axis(name: str) -> None:
    assert after_a_dense(*NO_DISTRIBUTION[name]).activation is None


def test_a_sigmoid_is_one_wherever_its_values_are_moved() -> None:
    for name in ("other rows", "a column", "turned", "flattened"):
        activation = after_a_dense(*NO_DISTRIBUTION[name], activation="sigmoid").activation
        assert activation is not None
        assert activation.name == "sigmoid"


WIDE = {
    "nothing": [],
    "Identity": [("Identity", (4,), {})],
    "a cast": [("Activation cast", (4,), LINEAR)],
    "a softmax of its own": [("Softmax", (4,), {})],
    "repeated": [("RepeatVector", (5, 4), {"n": 5})],
    "reshaped by what is left": [("Reshape", (1, 4), {"target_shape": (1, -1)})],
    "normalized": [("BatchNormalization", (4,), {})],
    "dropped out": [("Dropout", (4,), {})],
}

NOT_WIDE = {
    "a reshape that names the size": [("Reshape", (1, 4), {"target_shape": (1, 4)})],
    "flattened": [("Flatten", (4,), {})],
    "turned": [("RepeatVector", (4, 4), {"n": 4}), ("Permute", (4, 4), {"dims": (2, 1)})],
    "an op": [("Exp", (4,), {"maker": Maker.OP})],
    "a layer of the user's": [("Mine", (4,), {"maker": Maker.USER})],
}


@pytest.mark.parametrize("name", WIDE)
def test_the_argument_that_sets_the_last_axis_is_found(name: str) -> None:
    width = after_a_dense(*WIDE[name]).width
    assert width is not None
    assert str(width.of(7)) == 'units=7 in Dense "head"'


@pytest.mark.parametrize("name", NOT_WIDE)
def test_the_argument_that_would_not_set_the_last_axis_alone_is_not_named(name: str) -> None:
    assert after_a_dense(*NOT_WIDE[name]).width is None


def test_another_activation_is_an_edit_of_the_layer_that_applies_it() -> None:
    own = after_a_dense()
    assert own.activated("sigmoid") == Argument('"head"', "activation", '"sigmoid"')
    layer = after_a_dense(("Softmax soft", (4,), {}), activation="linear")
    assert layer.activated("sigmoid") == Replace('"soft"', 'layers.Activation("sigmoid")')
    assert layer.activated(None) == Remove('"soft"')


def test_one_activation_over_another_is_seen() -> None:
    again = after_a_dense(("Softmax soft", (4,), {})).again
    assert again is not None
    assert again.subject.label == 'Dense "head"'
    assert after_a_dense(("Softmax soft", (4,), {}), activation="linear").again is None


def test_free_weights_make_any_number() -> None:
    net = Net()
    x = net.input(3)
    free, frozen, bound = (
        dense(net, x, 1, name="free"),
        dense(net, x, 1, name="frozen", trainable=False),
        dense(net, x, 1, name="bound", kernel_constraint="non_neg"),
    )
    found = heads_of(net.to(free, frozen, bound, names=("a", "b", "c")))
    assert [one.trained for one in found] == [True, False, False]


def test_the_batch_axis_is_open_whatever_number_of_samples_was_tried() -> None:
    net = Net()
    out = dense(net, net.input(3), 4)
    tried = Edge(out.key, out.spec.with_(shape=(2, 4)))
    assert head(net.to(tried, names=("head",))).shape == (None, 4)


def test_without_names_there_are_no_heads() -> None:
    net = Net()
    assert heads_of(net.to(dense(net, net.input(3), 4))) == ()


def test_what_broadcasts_into_an_output_is_told_branch_by_branch() -> None:
    net = Net()
    x = net.input(3)
    merged = net.call("Add sum", [dense(net, x, 1, name="one"), dense(net, x, 4, name="four")], 4)
    found = head(net.to(merged, names=("sum",)))
    assert [(one.label, one.shape) for one in found.branches] == [
        ('Dense "one"', (None, 1)),
        ('Dense "four"', (None, 4)),
    ]
    assert found.width is None
    assert found.only


def test_an_input_that_is_the_output_has_no_maker() -> None:
    net = Net()
    found = head(net.to(net.input(3), names=("same",)))
    assert (found.subject.label, found.activation, found.stages) == ("same", None, ())


@pytest.mark.parametrize(
    ("axis", "along", "known"),
    [
        (-1, None, True),
        (2, None, True),
        (1, 1, False),
        (-2, 1, False),
        (0, 0, False),
        ((1, 2), None, False),
    ],
)
def test_the_axis_of_a_softmax(axis: Any, along: int | None, known: bool) -> None:
    net = Net()
    x = net.input(5, 4)
    (head,) = heads_of(net.to(net.call("Softmax soft", x, 5, 4, axis=axis), names=("out",)))
    assert head.sums_along == along
    assert (head.activation is not None) is known
