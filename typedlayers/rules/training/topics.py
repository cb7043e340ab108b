"""What rules on the arguments of ``fit`` are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.fitting import Fitting
from typedlayers.facts.graph import Graph
from typedlayers.rules.rule import Need, Stage, Topic
from typedlayers.rules.targets.pair import Pair, pairs
from typedlayers.rules.targets.structure import structure_fault
from typedlayers.spec import Spec, SpecTree


@dataclass(frozen=True, slots=True)
class Fit:
    """One call of ``fit`` or ``train_on_batch``.

    Attributes:
        model: the model in the user's names.
        where: the line of the call.
        fitting: what it is given beside the data.
        batch: the data.
        pair: the output with its loss and targets, None if there are several or it is unknown.
        keeps_states: the first recurrent layer that keeps its states from batch to batch, None if there is none.
    """

    model: str
    where: Location
    fitting: Fitting
    batch: Batch
    pair: Pair | None = None
    keeps_states: Subject | None = None

    @property
    def target(self) -> Spec | None:
        """The targets, None if there are several tensors of them or none."""
        return self.batch.y if isinstance(self.batch.y, Spec) else None


def _fits(evidence: Evidence) -> Iterator[Fit]:
    if evidence.fitting is None:
        return
    known = structure_fault(evidence) is None and evidence.outputs is not None and len(evidence.outputs) == 1
    pair = next(pairs(evidence), None) if known else None
    yield Fit(
        evidence.label, evidence.where, evidence.fitting, evidence.batch or Batch(None), pair, _keeps_states(evidence)
    )


RECURRENT: Final = frozenset(
    {"SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}
)


def _keeps_states(evidence: Evidence) -> Subject | None:
    graph = evidence.flat or evidence.graph
    nodes = () if graph is None else graph.nodes
    return next((node.subject for node in nodes if node.kind in RECURRENT and node.attribute("stateful")), None)


@dataclass(frozen=True, slots=True)
class Predicted:
    """A functional model, or a Sequential, that is asked for its outputs.

    Attributes:
        graph: its calls, as Keras kept them.
        use: what it is asked by.
    """

    graph: Graph
    use: Use


def _predicted(evidence: Evidence) -> Iterator[Predicted]:
    use, graph = evidence.use, evidence.graph
    asked = use in (Use.PREDICT, Use.PREDICT_ON_BATCH, Use.EVALUATE)
    if asked and use is not None and graph is not None and evidence.origins.get("graph") is Origin.BUILD:
        yield Predicted(graph, use)


PREDICTED = Topic("calls in predict and evaluate", (Need.GRAPH,), _predicted)
"""The calls of a functional model, to each of which Keras hands the ``training`` of a run."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A model of one input in training, and the targets.

    Attributes:
        graph: its calls.
        y: the targets' specs.
    """

    graph: Graph
    y: SpecTree


def _moved(evidence: Evidence) -> Iterator[Moved]:
    graph, batch = evidence.flat or evidence.graph, evidence.batch
    trains = evidence.use is not None and evidence.use.trains
    if trains and graph is not None and len(graph.inputs) == 1 and batch is not None:
        yield Moved(graph, batch.y)


MOVED = Topic("pictures and their targets", (Need.GRAPH, Need.TARGETS), _moved, Stage.TARGETS)
"""A model of one input in training, and the targets."""

FIT = Topic("the arguments of fit", (), _fits, Stage.TARGETS)
"""A call of ``fit`` with its arguments."""
