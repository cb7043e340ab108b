"""TL206: a dense classifier gets images that nothing flattened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.rules.graphs import LABEL, Net, headlines, known, offered
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.graph import Graph, Maker
from typedlayers.facts.training import Training
from typedlayers.rules.engine import findings
from typedlayers.rules.shapes.forgotten_flatten import RULE
from typedlayers.spec import Carrier, Spec

SOFTMAX: Any = {"activation": "softmax"}


def dense(*image: int, units: int = 10, activation: str = "softmax", **more: Any) -> Graph:
    """Dense layers alone on images."""
    net = Net()
    x = net.call("Rescaling", net.input(*image), *image)
    x = net.call("Dense hidden", x, *image[:-1], 64)
    x = net.call("Dropout", x, *image[:-1], 64)
    x = net.call("Dense head", x, *image[:-1], units, units=units, facts={"activation": activation})
    return net.to(x, **more)


def given(graph: Graph, count: int = 8, use: Use | None = Use.CALL, **facts: Any) -> Evidence:
    """Returns what is known of a model that is called on images."""
    (image,) = graph.inputs
    x = Spec("float32", (count, *(image.shape or ())[1:]), Carrier.ARRAY)
    out = graph.outputs[0]
    gave = replace(out, spec=out.spec.with_(shape=(count, *(out.shape or ())[1:])))
    seen = replace(graph, inputs=(replace(image, spec=x),), outputs=(gave,))
    nodes = tuple(
        replace(node, gives=tuple(gave if one.key == gave.key else one for one in node.gives)) for node in seen.nodes
    )
    return known(replace(seen, nodes=nodes), use=use, **{"batch": Batch(x, what="an array"), **facts})


WRONG = {
    "a classifier of pictures": (
        given(dense(28, 28, 3)),
        f"{LABEL} classifies every pixel by itself: 10 probabilities for each of 28 x 28 positions",
    ),
    "grey pictures": (
        given(dense(28, 28, 1)),
        f"{LABEL} classifies every pixel by itself: 10 probabilities for each of 28 x 28 positions",
    ),
    "one picture, without softmax": (
        given(dense(28, 28, 3, activation="linear"), count=1),
        f"{LABEL} works on every pixel by itself: 10 numbers for each of 28 x 28 positions",
    ),
    "looked at by check": (
        given(dense(28, 28, 3), use=Use.CHECK),
        f"{LABEL} classifies every pixel by itself: 10 probabilities for each of 28 x 28 positions",
    ),
}


def flattened() -> Graph:
    net = Net()
    x = net.call("Flatten", net.input(28, 28, 3), 2352)
    return net.to(net.call("Dense head", x, 10, facts=SOFTMAX, units=10))


def convolved() -> Graph:
    net = Net()
    x = net.call("Conv2D conv", net.input(28, 28, 3), 28, 28, 8, kernel_size=(3, 3))
    return net.to(net.call("Dense head", x, 28, 28, 10, facts=SOFTMAX, units=10))


def between_layers() -> Graph:
    net = Net()
    x = net.call("Mean", net.input(28, 28, 3), 28, 28, 3, maker=Maker.OP)
    return net.to(net.call("Dense head", x, 28, 28, 10, facts=SOFTMAX, units=10))


RIGHT = {
    "flattened": given(flattened()),
    "there are targets: they say more": given(dense(28, 28, 3), training=Training(())),
    "to be trained": given(dense(28, 28, 3), use=Use.FIT),
}

ZEROS = Spec("float32", (1, 28, 28, 3), Carrier.ARRAY)

LOOKS_WRONG = {
    "colours from colours": given(dense(28, 28, 3, units=3, activation="linear"), count=1),
    "numbers for many pictures": given(dense(28, 28, 3, activation="linear")),
    "no picture: 16 channels": given(dense(28, 28, 16)),
    "one row of pixels": given(dense(1, 28, 3)),
    "a convolution mixes the positions": given(convolved()),
    "the model computes between its layers": given(between_layers()),
    "not all of its calls are known": given(dense(28, 28, 3, whole=False)),
    "an empty picture, to build the model": given(
        dense(28, 28, 3), count=1, batch=Batch(ZEROS, values=np.zeros((1, 28, 28, 3), "float32"))
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    found = findings([RULE], evidence)
    assert headlines(found) == [headline]
    assert not any(one.is_error for one in found)
    assert offered(found)[0].startswith("layers.Flatten() before Rescaling")


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], {**RIGHT, **LOOKS_WRONG}[name]) == []
