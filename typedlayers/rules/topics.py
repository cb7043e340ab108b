"""What rules on a whole model are about."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.facts.evidence import Evidence
from typedlayers.facts.graph import Graph, Node
from typedlayers.facts.layers import LayerFacts
from typedlayers.rules.rule import Need, Topic


def _graphs(evidence: Evidence) -> Iterator[Graph]:
    assert evidence.graph is not None
    yield evidence.graph


def _nodes(evidence: Evidence) -> Iterator[Node]:
    assert evidence.graph is not None
    yield from evidence.graph.nodes


def _trained(evidence: Evidence) -> Iterator[Graph]:
    if evidence.learns and evidence.use is not None and evidence.use.trains:
        yield from _graphs(evidence)


GRAPH = Topic("the layers of the model", (Need.GRAPH,), _graphs)
"""The calls of a model as a whole."""

NODES = Topic("each layer of the model", (Need.GRAPH,), _nodes)
"""The calls of a model, one by one."""

TRAINED = Topic("the gradients of the model", (Need.GRAPH,), _trained)
"""The calls of a model whose loss is computed from its outputs alone, as Keras does."""


def _layers_that_learn(evidence: Evidence) -> Iterator[LayerFacts]:
    if evidence.use is not None and evidence.use.trains:
        yield from evidence.layers


TRAINED_LAYERS = Topic("the layers of a model in training", (), _layers_that_learn)
"""Every layer of a model that is about to be trained."""
