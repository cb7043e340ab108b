"""TL717: a call lets no gradient through to layers that are to learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, offered, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Learning, Use
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.rules.custom.cut_gradient import RULE

LEARNS = {"learns": True}


def between(cut: Callable[[Net, Edge], Edge], *, layers: int = 1, **facts: Any) -> Graph:
    """A Dense that learns, something after it, and a Dense that learns and makes the output."""
    net = Net()
    x = net.input(8)
    for index in range(layers):
        x = net.call(f"Dense lower{index or ''}", x, 8, facts={**LEARNS, **facts})
    return net.to(net.call("Dense head", cut(net, x), 1, facts=LEARNS))


def rounded(net: Net, x: Edge) -> Edge:
    return net.call("Round mine", x, 8, maker=Maker.USER, facts={"conducts": lambda: False})


def to_integers(net: Net, x: Edge) -> Edge:
    return net.call("Argmax", x, 8, dtype="int64", maker=Maker.OP)


def cast_back(net: Net, x: Edge) -> Edge:
    return net.call("Cast", to_integers(net, x), 8, maker=Maker.OP)


ALL_THE_WAY = "keep floats and let the gradient pass: x + keras.ops.stop_gradient(rounded - x) (straight-through)"

WRONG = {
    "rounding": (
        between(rounded),
        'Round "mine" has no gradient, so Dense "lower" before it never learns',
    ),
    "integers": (
        between(to_integers),
        'op Argmax gives int64, so Dense "lower" before it never learns',
    ),
    "integers that are cast back": (
        between(cast_back),
        'op Argmax gives int64, so Dense "lower" before it never learns',
    ),
    "several layers": (
        between(rounded, layers=3),
        'Round "mine" has no gradient, so Dense "lower" and 2 more before it never learn',
    ),
}


def as_it_is(_: Net, x: Edge) -> Edge:
    return x


def allowed(net: Net, x: Edge) -> Edge:
    return net.call("Round mine", x, 8, facts={"conducts": lambda: False, "allowed": frozenset({"TL717"})})


def from_integers() -> Graph:
    net = Net()
    x = net.call("Embedding ids", net.input(8, dtype="int32"), 8, 4, facts=LEARNS)
    return net.to(net.call("Dense head", x, 8, 1, facts=LEARNS))


RIGHT = {
    "floats all the way": between(as_it_is),
    "integers go in": from_integers(),
    "the user says that it is meant": between(allowed),
}


def stopped(net: Net, x: Edge) -> Edge:
    return net.call("StopGradient", x, 8, maker=Maker.OP, facts={"conducts": lambda: False})


def straight_through(net: Net, x: Edge) -> Edge:
    return net.call("Add", [x, rounded(net, x)], 8, maker=Maker.OP)


def before_the_weights() -> Graph:
    net = Net()
    x = rounded(net, net.input(8))
    return net.to(net.call("Dense head", x, 1, facts=LEARNS))


def of_no_use() -> Graph:
    """Weights that no loss asks for, and nothing in between that cuts."""
    net = Net()
    x = net.input(8)
    net.call("Dense spare", x, 8, facts=LEARNS)
    return net.to(net.call("Dense head", x, 1, facts=LEARNS))


LOOKS_WRONG = {
    "stopped on purpose": between(stopped),
    "another way has the gradient": between(straight_through),
    "nothing before it learns": before_the_weights(),
    "frozen layers before it": between(rounded, learns=False),
    "trained layers before it: perhaps used as they are": between(rounded, fresh=False),
    "weights that lead nowhere": of_no_use(),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline = WRONG[name]
    found = told(RULE, graph, use=Use.FIT, learns=Learning.OUTPUTS)
    assert headlines(found) == [headline]
    assert ALL_THE_WAY in offered(found)


def test_a_step_of_the_user_may_add_a_loss_of_something_else() -> None:
    (found,) = told(RULE, between(rounded), use=Use.FIT, learns=Learning.OUTPUTS_AND_MORE)
    assert found.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name], use=Use.FIT, learns=Learning.OUTPUTS) == []


NOT_TRAINED = {
    "evaluation": {"use": Use.EVALUATE, "learns": Learning.OUTPUTS},
    "nobody says what for": {"use": None, "learns": Learning.OUTPUTS},
    "a loss of the user's own": {"use": Use.FIT, "learns": None},
}


@pytest.mark.parametrize("name", NOT_TRAINED)
def test_nothing_is_said_where_no_gradient_is_asked_for(name: str) -> None:
    assert told(RULE, between(rounded), **NOT_TRAINED[name]) == []
