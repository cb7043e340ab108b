"""TL214: an output has no row for each sample any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.rules.graphs import Net
from tests.rules.targets.facts import a_loss, known, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.graph import Edge, Graph, Maker
from typedlayers.facts.outputs import heads_of
from typedlayers.rules.shapes.lost_batch import RULE
from typedlayers.spec import Spec

N = None
MSE = a_loss("mean_squared_error")
ROWS: Any = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [1, 2, 3]]
NUMBERS: Any = [0, 1, 2, 3]


def way(*calls: tuple[str, tuple[int | None, ...]], batch: int | None = None, kept: bool = True, **more: Any) -> Graph:
    """A model of one input of 6 numbers, and calls one after the other with the shapes of their results."""
    net = Net()
    edge = net.input(6)
    net.inputs[0] = edge = Edge(edge.key, edge.spec.with_(shape=(batch, 6)))
    for index, (layer, shape) in enumerate(calls):
        maker = more.get("maker", Maker.OP) if layer[0].islower() else Maker.KERAS
        made = net.call(layer.capitalize() if maker is Maker.OP else layer, edge, maker=maker)
        gave = Edge(made.key, Spec("float32", shape))
        seen = {} if kept else {"layer": None}
        net.nodes[index] = replace(net.nodes[index], gives=(gave,), **seen)
        edge = gave
    return net.to(edge, names=("head",))


def judged(graph: Graph, values: Any, loss: Any = MSE, y: Any = None) -> Evidence:
    return known(heads_of(graph), loss, values=values, y=y)


LOSS = 'but the loss "mean_squared_error" of output "head" compares each sample with its target'

WRONG = {
    "turned": (
        judged(way(("Dense", (N, 3)), ("transpose", (3, N))), ROWS),
        f"op Transpose moves the batch axis to another place, {LOSS}",
    ),
    "turned, as a dry run sees it": (
        judged(way(("Dense", (N, 3)), ("transpose", (3, 32)), kept=False), ROWS),
        f"op Transpose moves the batch axis to another place, {LOSS}",
    ),
    "a layer of the user's that puts the steps first": (
        judged(way(("Dense", (N, 3)), ("ownRNN rnn", (6, N, 4)), maker=Maker.USER), np.zeros((4, 6, 4)) + np.arange(4)),
        f'ownRNN "rnn" moves the batch axis to another place, {LOSS}',
    ),
    "the mean of all": (
        judged(way(("Dense", (N, 3)), ("mean", ())), NUMBERS),
        f"op Mean makes one result of all samples of a batch, {LOSS}",
    ),
    "a layer after it": (
        judged(way(("Dense", (N, 3)), ("mean", ()), ("relu", ())), NUMBERS),
        f"op Mean makes one result of all samples of a batch, {LOSS}",
    ),
    "two rows of each sample": (
        judged(way(("Dense", (N, 6)), ("reshape", (N, 3))), ROWS),
        f"op Reshape makes other rows of the samples of a batch, {LOSS}",
    ),
    "two rows of each sample, as a dry run sees it": (
        judged(way(("Dense", (N, 6)), ("reshape", (64, 3)), kept=False), ROWS),
        f"op Reshape makes other rows of the samples of a batch, {LOSS}",
    ),
}


def joined(axis: int, *shape: int | None, maker: Maker = Maker.OP) -> Graph:
    """Two results, one behind the other."""
    net = Net()
    x = net.input(6)
    one, two = net.call("Dense a", x, 3), net.call("Dense b", x, 3)
    layer = "Concatenate" if maker is Maker.OP else "Concatenate cat"
    return net.to(net.call(layer, [one, two], *shape, maker=maker, axis=axis), names=("head",))


WRONG |= {
    "samples behind samples": (
        judged(joined(0, 3), ROWS),
        f"op Concatenate puts the samples of one tensor behind those of another, {LOSS}",
    ),
    "samples behind samples, by a layer": (
        judged(joined(-2, 3, maker=Maker.KERAS), ROWS),
        f'Concatenate "cat" puts the samples of one tensor behind those of another, {LOSS}',
    ),
}

PERHAPS = {
    "the mean along the samples": judged(way(("Dense", (N, 3)), ("mean", (3,))), ROWS),
    "the mean along the samples, axis kept": judged(way(("Dense", (N, 3)), ("mean", (1, 3))), ROWS),
    "values that are not known": judged(
        way(("Dense", (N, 3)), ("mean", ())), None, y=Spec("float32", (8,))
    ),
}  # fmt: skip

RIGHT = {
    "columns beside columns": judged(joined(-1, 6), np.zeros((4, 6))),
    "a row for each sample": judged(way(("Dense", (N, 3))), ROWS),
    "a mean of each sample": judged(way(("Dense", (N, 3)), ("mean", (N,))), NUMBERS),
}

LOOKS_WRONG = {
    "rows that are put together again": judged(
        way(("Dense", (N, 6)), ("reshape", (N, 3)), ("Dense", (N, 4)), ("reshape", (N, 8))), ROWS
    ),
    "turned, and back": judged(way(("transpose", (6, N)), ("transpose", (N, 6))), ROWS),
    "samples that are repeated, then averaged": judged(
        way(("repeat", (N, 6)), ("reshape", (N, 4, 6)), ("mean", (N, 6))), ROWS
    ),
    "a fixed number of samples": judged(way(("Dense", (N, 3)), ("reshape", (32, N))), ROWS),
    "a declared number of samples": judged(way(("Dense", (4, 3)), ("mean", ()), batch=4), NUMBERS),
    "a loss that the model computes itself": judged(way(("Dense", (N, 3)), ("mean", ())), [0, 0, 0, 0]),
    "a loss of the user's": judged(way(("Dense", (N, 3)), ("mean", ())), NUMBERS, loss=None),
    "one sample": judged(way(("Dense", (N, 3)), ("mean", ())), [1]),
    "code of the user's may do anything": judged(
        way(("Dense", (N, 6)), ("mine", (N, 6)), ("reshape", (N, 3)), maker=Maker.USER), ROWS
    ),
    "in a dry run the samples are counted": judged(
        way(("Dense", (N, 4, 6)), ("reshape", (N, 6)), kept=False), [[0] * 6, [1] * 6]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    (one,) = told(RULE, evidence)
    assert one.headline == headline
    assert one.is_error
    assert one.fixes


@pytest.mark.parametrize("name", PERHAPS)
def test_perhaps(name: str) -> None:
    (one,) = told(RULE, PERHAPS[name])
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
