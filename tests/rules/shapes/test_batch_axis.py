"""TL222: a softmax or a normalization along the batch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.graphs import Net, known
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


WRONG = {
    "a layer": (along(0), 'axis=1 in Softmax "weights"'),
    "counted from the end": (along(-3), 'axis=1 in Softmax "weights"'),
    "columns": (along(0, "Softmax weights", 4), 'axis=-1 in Softmax "weights"'),
    "one of several axes": (along((0, 1), "Softmax weights", 4, 4), 'axis=-1 in Softmax "weights"'),
    "an op": (along(0, "Softmax", 4, maker=Maker.OP), "axis=-1 in op Softmax"),
    "a normalization": (along([0], "UnitNormalization unit", 4), 'axis=-1 in UnitNormalization "unit"'),
}
RIGHT = {"steps": along(1), "columns": along(-1), "several axes": along((1, 2))}
LOOKS_WRONG = {
    "a number of samples that is declared": along(0, batch=8),
    "meant so": along(0, facts={"allowed": frozenset({"TL222"})}),
    "a layer that takes axis 0 for something else": along(0, "Concatenate cat", 4),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, fix = WRONG[name]
    (one,) = findings([RULE], known(graph))
    assert one.headline.endswith("works along axis 0, the samples of a batch")
    assert one.certainty is Certainty.PERHAPS
    assert one.fixes[0].text == fix


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], known({**RIGHT, **LOOKS_WRONG}[name])) == []
