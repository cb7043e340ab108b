"""What rules on a whole model are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from typedlayers.diagnostics.model import Location
from typedlayers.facts.evidence import Evidence, Learning, Use
from typedlayers.facts.graph import Graph
from typedlayers.facts.layers import LayerFacts
from typedlayers.facts.values import facts_of
from typedlayers.rules.rule import Need, Topic
from typedlayers.spec import Shape, Spec


def _graphs(evidence: Evidence) -> Iterator[Graph]:
    graph = evidence.flat or evidence.graph
    assert graph is not None
    yield graph


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that is trained by a loss of its outputs.

    Attributes:
        graph: its calls.
        learns: what the loss is computed from.
    """

    graph: Graph
    learns: Learning


def _trained(evidence: Evidence) -> Iterator[Trained]:
    if evidence.learns is not None and evidence.use is not None and evidence.use.trains:
        yield from (Trained(graph, evidence.learns) for graph in _graphs(evidence) if graph.whole)


GRAPH = Topic("the layers of the model", (Need.GRAPH,), _graphs)
"""The calls of a model as a whole."""

TRAINED = Topic("the layers of the model", (Need.GRAPH,), _trained)
"""The calls of a model whose loss is computed from its outputs."""


def _layers_that_learn(evidence: Evidence) -> Iterator[LayerFacts]:
    if evidence.use is not None and evidence.use.trains:
        yield from evidence.layers


TRAINED_LAYERS = Topic("the layers of a model in training", (), _layers_that_learn)
"""Every layer of a model that is about to be trained."""


@dataclass(frozen=True, slots=True)
class Called:
    """A model or a layer that is called on data, where no targets say what it is for.

    Attributes:
        label: the model or layer in the user's names.
        where: the line of the call, or the line that made the layer.
        flat: its calls, with those inside layers of the user's in their place.
        came: the data.
        gave: the output.
        first: its first layer in the user's names, None if it is that layer itself.
    """

    label: str
    where: Location
    flat: Graph
    came: Spec
    gave: Spec
    first: str | None = None

    @property
    def shape(self) -> Shape | None:
        """The shape of the data."""
        return self.came.shape


def _called(evidence: Evidence) -> Iterator[Called]:
    flat, graph, batch = evidence.flat, evidence.graph, evidence.batch
    if evidence.use not in (Use.CALL, Use.CHECK) or evidence.training is not None:
        return
    if flat is None or batch is None or not isinstance(batch.x, Spec) or len(flat.outputs) != 1:
        return
    seen = facts_of(batch.value_at(()))
    if seen is not None and seen.low == seen.high:
        return  # an empty image, to build the model: no picture was to be classified
    first = graph.nodes[0].subject.label if graph is not None and graph.nodes else None
    yield Called(evidence.label, evidence.where, flat, batch.x, flat.outputs[0].spec, first)


CALLED = Topic("images that nothing flattens", (Need.GRAPH, Need.DATA), _called)
"""A model that is called on data, where no targets say what it is for."""
