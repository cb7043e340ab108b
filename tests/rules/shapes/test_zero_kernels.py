"""TL219: two kernels in a row that start at zero."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, headlines, known, offered
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Learning, Use
from typedlayers.facts.graph import Edge, Graph
from typedlayers.rules.engine import findings
from typedlayers.rules.shapes.zero_kernels import RULE


class Zeros:
    """Stands for ``keras.initializers.Zeros``."""


class GlorotUniform:
    """Stands for ``keras.initializers.GlorotUniform``."""


class Constant:
    """Stands for ``keras.initializers.Constant``."""

    def __init__(self, value: float) -> None:
        self.value = value


def told(graph: Graph) -> list[Diagnostic]:
    return findings([RULE], known(graph, use=Use.FIT, learns=Learning.OUTPUTS))


def dense(
    net: Net, name: str, x: Edge, kernel: Any = None, bias: Any = None, activation: str = "linear", **facts: Any
) -> Edge:
    given = {"activation": activation, "learns": True, **facts}
    attributes = {"kernel_initializer": kernel or Zeros(), "bias_initializer": bias or Zeros(), "use_bias": True}
    return net.call(f"Dense {name}", x, 8, facts=given, **attributes)


def two(first: Any = None, second: Any = None, between: str | None = None, **more: Any) -> Graph:
    """Two layers, and what is between them."""
    net = Net()
    x = dense(net, "first", net.input(8), first, **more)
    if between is not None:
        cls, _, activation = between.partition(":")
        x = net.call(f"{cls} between", x, 8, facts={"activation": activation})
    return net.to(dense(net, "second", x, second))


def residual() -> Graph:
    net = Net()
    x = net.input(8)
    x = net.call("Add", [x, dense(net, "first", x)], 8)
    return net.to(dense(net, "second", x))


def used_twice() -> Graph:
    net = Net()
    x = dense(net, "first", net.input(8))
    return net.to(dense(net, "second", x), dense(net, "other", x, GlorotUniform()))


BOTH = 'the kernels of Dense "first" and Dense "second" start at zero and stay there'

WRONG = {
    "both": (two(), BOTH),
    "with a relu": (two(activation="relu"), BOTH),
    "with an Activation": (two(between="Activation:tanh"), BOTH),
    "with a dropout": (two(between="Dropout"), BOTH),
    "a constant of 0": (two(Constant(0.0)), BOTH),
}

RIGHT = {
    "the first one random": two(GlorotUniform()),
    "a head of zeros": two(second=GlorotUniform()),
    "meant so": two(allowed=frozenset({"TL219"})),
}

LOOKS_WRONG = {
    "a sigmoid of 0 is one half": two(activation="sigmoid"),
    "a sigmoid between": two(between="Activation:sigmoid"),
    "a bias that is not 0": two(bias=Constant(0.1)),
    "a constant that is not 0": two(Constant(0.5)),
    "weights that were loaded": two(fresh=False),
    "frozen weights": two(learns=False),
    "a residual": residual(),
    "its output is used twice": used_twice(),
    "a normalization shifts": two(between="BatchNormalization"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline = WRONG[name]
    found = told(graph)
    assert headlines(found) == [headline]
    assert offered(found) == ['kernel_initializer="glorot_uniform" in "first"']
    assert not any(one.is_error for one in found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told({**RIGHT, **LOOKS_WRONG}[name]) == []
