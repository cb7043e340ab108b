"""What rules on the values of inputs are about: each input, what was seen of it, and its ways to the weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from typedlayers.diagnostics.model import Location, Place
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.front import UNKNOWN, Taken, named_inputs, places_of
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.facts.inputs import InputSpec, each_input
from typedlayers.facts.ranges import ValueFacts
from typedlayers.facts.values import Values
from typedlayers.rules.rule import Need, Stage, Topic
from typedlayers.spec import Spec, leaves

Way = tuple[tuple[Node, ...], tuple[Spec, ...]]
"""A way of one input through a model: its layers, and the input of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenInput:
    """One input of a model, what was seen of it, and its ways to the weights.

    Attributes:
        label: the input in the user's names: ``input "image" of Functional "net"``.
        model: the model in the user's names.
        spec: the spec of the data, of any number of samples.
        values: what can be seen of its values: a range at least.
        ways: its ways through the model.
        graph: the calls of the model.
        edge: the tensor of the graph that the data go in as, None if it is not known.
        where: the line that gives the data.
        place: the tensor among the data.
        use: what the data are given for.
        taken: what is known of the values that this input takes.
        declared: the dtype that the input declares, None if it declares none.
        rescales: True if the mode repairs raw bytes.
        rewires: True if a layer can be put in front of the model.
        frozen: True if all that does not fit is refused.
        unread: True if there are notes on the model that could not be read.
        has_y: True if one tensor of targets comes with it.
    """

    label: str
    model: str
    spec: Spec
    values: Values
    ways: tuple[Way, ...]
    where: Location
    place: Place
    use: Use
    graph: Graph | None = None
    edge: Edge | None = None
    taken: Taken = UNKNOWN
    declared: str | None = None
    rescales: bool = False
    rewires: bool = False
    frozen: bool = False
    unread: bool = False
    has_y: bool = False

    @property
    def trained(self) -> ValueFacts | None:
        """What the values are like that the model takes here, None if nothing is known."""
        return self.taken.values

    @property
    def facts(self) -> ValueFacts:
        """The range of its first samples."""
        assert self.values.range is not None
        return self.values.range

    @property
    def is_trial(self) -> bool:
        """True if a prediction is given noise: one image of it, or any number where training saw pictures.

        A model is warmed up by ``predict(np.random.rand(1, ...))``: nobody wants to know what is in those images.
        """
        if self.use not in (Use.PREDICT, Use.PREDICT_ON_BATCH, Use.CALL) or not self.values.noise:
            return False
        learned = self.trained is not None and self.trained.noise
        return not learned or self.facts.count == self.values_of_one

    @property
    def values_of_one(self) -> int | None:
        """How many values one sample has, None if that is not known."""
        sizes = (self.spec.shape or ())[1:]
        return None if None in sizes else math.prod(size or 0 for size in sizes)


def inputs_seen(evidence: Evidence) -> Iterator[SeenInput]:
    """Yields the inputs whose values were looked at.

    A step of the user's may scale x before it calls the model: nothing is said until it is seen to hand x on.
    """
    batch, graph = evidence.batch, evidence.flat
    assert batch is not None
    assert graph is not None
    declared = _declared(evidence)
    found = list(leaves(batch.x))
    tree = None if evidence.inputs is None else evidence.inputs.tree
    places = places_of(named_inputs(tree), [path for path, _ in found])
    for path, spec in found:
        values = Values.of(batch.value_at(path))
        if values.range is None:
            continue
        index, key = places[path]
        index = index if index is not None and index < len(graph.inputs) else None
        of_any_size = spec if spec.shape is None else spec.with_(shape=(None, *spec.shape[1:]))
        yield SeenInput(
            label=_label(evidence, declared, index, path),
            model=evidence.label,
            spec=of_any_size,
            values=values,
            ways=() if index is None else tuple(_ways(graph, index, of_any_size)),
            where=evidence.where,
            place=Place("x", path),
            use=evidence.use or Use.CHECK,
            graph=graph,
            edge=None if index is None else graph.inputs[index],
            taken=evidence.front.of(key),
            declared=_dtype(declared, index),
            rescales=evidence.rescales,
            rewires=evidence.rewires,
            frozen=evidence.front.frozen,
            unread=evidence.front.unread,
            has_y=isinstance(batch.y, Spec),
        )


def _declared(evidence: Evidence) -> list[InputSpec]:
    tree = None if evidence.inputs is None else evidence.inputs.tree
    return [] if tree is None else [one for _, one in each_input(tree)]


def _label(evidence: Evidence, declared: list[InputSpec], index: int | None, path: tuple[str | int, ...]) -> str:
    if index is not None and index < len(declared) and (declared[index].name is not None or not path):
        return declared[index].label
    return f"input {path[-1]!r} of {evidence.label}" if path else f"the input of {evidence.label}"


def _dtype(declared: list[InputSpec], index: int | None) -> str | None:
    return declared[index].spec.dtype if index is not None and index < len(declared) else None


def _ways(graph: Graph, index: int, spec: Spec) -> Iterator[Way]:
    """The ways of an input, with the data at their start: their dtype and sizes."""
    for nodes, specs in graph.ways_from(graph.inputs[index]):
        yield nodes, (spec, *specs[1:])


INPUT_VALUES = Topic(
    "values of the inputs", (Need.DATA, Need.HANDED_OVER, Need.INPUT_VALUES, Need.GRAPH), inputs_seen, Stage.VALUES
)
"""Each input with what was seen of its values."""
