"""TL220: one number of the whole batch is added to each sample."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.graphs import Net, known
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Learning, Use
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.rules.engine import findings
from typedlayers.rules.shapes.batch_sum import RULE
from typedlayers.spec import Spec


def summed(
    what: str = "Sum",
    shape: tuple[int | None, ...] = (),
    by: str = "Subtract",
    maker: Maker = Maker.OP,
    **facts: Any,
) -> Graph:
    """One number of the actions, and what is done with it and the values."""
    net = Net()
    x = net.input(5)
    action, value = net.call("Dense action", x, 3), net.call("Dense value", x, 1)
    one = net.call(what, action, maker=maker, facts=facts)
    one = Edge(one.key, Spec("float32", shape))
    net.nodes[-1] = replace(net.nodes[-1], gives=(one,))
    return net.to(net.call(by, [value, one], 1, maker=Maker.OP))


def told(graph: Graph, **more: Any) -> list[Diagnostic]:
    return findings([RULE], known(graph, **{"use": Use.FIT, "learns": Learning.OUTPUTS, **more}))


ADDED = "makes one number of all samples of a batch, which is added to each of them"

WRONG = {
    "a sum": (summed(), f"op Sum {ADDED}"),
    "added, as TensorFlow names it": (summed(by="AddV2"), f"op Sum {ADDED}"),
    "a contraction of all axes": (summed("Tensordot"), f"op Tensordot {ADDED}"),
    "a layer of the user's": (
        summed("LogProb log_prob", maker=Maker.USER, conducts=lambda: True),
        f'LogProb "log_prob" {ADDED}',
    ),
}

RIGHT = {
    "a sum for each sample": summed(shape=(None, 1)),
    "meant so": summed(allowed=frozenset({"TL220"})),
}

LOOKS_WRONG = {
    "a mean of the batch": summed("Mean"),
    "the greatest of the batch": summed("Max"),
    "divided by a sum": summed(by="TrueDivide"),
    "multiplied with a sum": summed(by="Multiply"),
    "a weight of a layer of the user's": summed("Scale scale", maker=Maker.USER, conducts=lambda: False),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline = WRONG[name]
    (one,) = told(graph)
    assert one.headline == headline
    assert "axis=1, keepdims=True" in one.fixes[0].text
    assert not one.is_error


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told({**RIGHT, **LOOKS_WRONG}[name]) == []
