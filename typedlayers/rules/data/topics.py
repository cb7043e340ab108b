"""What rules on data are about: each tensor with its input, all of x, the data as a whole, and ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from typedlayers.catalogue.losses import Pairing
from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.model import Location, Place, Repair
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.graph import Edge, Graph
from typedlayers.facts.ids import IdFacts
from typedlayers.facts.inputs import InputTree, Lookup, LookupKind, each_input
from typedlayers.facts.values import id_facts
from typedlayers.rules.data.arrangement import Arrangement, arranged
from typedlayers.rules.data.given import Given
from typedlayers.rules.data.misfit import Misfit, misfit_of
from typedlayers.rules.data.repairs import feasible
from typedlayers.rules.rule import Need, Stage, Topic
from typedlayers.spec import Kind, Shape, Size, Spec, SpecTree, kind_of, leaves, place_of


def arrangements(evidence: Evidence) -> Iterator[Arrangement]:
    """Yields how x is arranged, if it is known to be handed to the model: a user's step may take it apart."""
    if evidence.hands_over and evidence.inputs is not None and evidence.batch is not None:
        yield arranged(evidence.inputs, evidence.batch, evidence.use)


_NEEDS = (Need.INPUTS, Need.DATA, Need.HANDED_OVER)

ARRANGEMENT = Topic("data against the inputs", _NEEDS, arrangements, Stage.DATA)
"""How the tensors of x relate to the inputs."""


def misfits(evidence: Evidence) -> Iterator[Misfit]:
    """Yields each tensor of x that does not fit its input; what is wrong with a dataset as a whole comes once."""
    said: set[object] = set()
    for arrangement in arrangements(evidence):
        for given in arrangement.given:
            misfit = misfit_of(given)
            if misfit is not None and misfit.matter not in said:
                said.add(misfit.matter)
                yield misfit


INPUTS = Topic("data against the inputs", _NEEDS, misfits, Stage.DATA)
"""Each tensor that does not fit its input."""


@dataclass(frozen=True, slots=True)
class Caster:
    """A layer that casts its input, and does nothing else to its values.

    Attributes:
        label: the layer in the user's names.
        dtype: what it casts to, its compute dtype.
    """

    label: str
    dtype: str


@dataclass(frozen=True, slots=True)
class Ids:
    """Values of an input that a layer looks up.

    Attributes:
        given: the input and the tensor.
        lookup: the layer that looks them up.
        facts: what was seen of them.
        through: the layer before it that casts them, None if they reach it as the input has them.
    """

    given: Given
    lookup: Lookup
    facts: IdFacts
    through: Caster | None = None

    @property
    def gets(self) -> str:
        """The tensor with its range, as a message says it."""
        return f"{self.given.spec}, values {self.facts.low:g}..{self.facts.high:g}, as {self.given.place}"


def looked_up(evidence: Evidence) -> Iterator[Ids]:
    """Yields the values that a layer looks up; nothing else is looked at."""
    for arrangement in arrangements(evidence):
        edges = _edges(evidence)
        for given in arrangement.given:
            if misfit_of(given) is not None:
                continue
            lookup, through, dtype = given.input.lookup, None, given.input.spec.dtype
            if lookup is None and given.input.key in edges:
                lookup, through = _behind(evidence.flat, edges[given.input.key])
                dtype = None if through is None else through.dtype
            facts = None if lookup is None else id_facts(given.batch.value_at(given.path), dtype)
            if lookup is not None and facts is not None:
                yield Ids(given, lookup, facts, through)


def _edges(evidence: Evidence) -> dict[str, Edge]:
    """The tensor of each input by its key, where the graph has as many."""
    tree, graph = None if evidence.inputs is None else evidence.inputs.tree, evidence.flat
    declared = [] if tree is None else [one for _, one in each_input(tree)]
    if graph is None or len(declared) != len(graph.inputs):
        return {}
    return {one.key: edge for one, edge in zip(declared, graph.inputs, strict=True)}


def _behind(graph: Graph | None, edge: Edge) -> tuple[Lookup | None, Caster | None]:
    """A table behind layers that only move ids, and the first of these that rounds them; Nones if none does.

    A layer casts floats to its compute dtype, whatever it does with them; an Embedding does not.
    """
    for way, _ in [] if graph is None else graph.ways_from(edge):
        caster, came = None, edge.spec
        for node in way:
            if node.kind == "Embedding":
                size = node.attribute("input_dim")
                known = size if isinstance(size, int) else None
                if caster is not None:
                    return Lookup(node.subject.label, LookupKind.ROWS, known, "input_dim"), caster
                break
            if node.contract is None or node.contract.values is not Values.KEPT or node.resolved is None:
                break
            compute, casts = node.resolved.policy.compute, node.attribute("autocast") is not False
            floats = came.dtype is not None and kind_of(came.dtype) is Kind.FLOAT
            if caster is None and casts and floats and compute in ("float16", "bfloat16"):
                caster = Caster(node.subject.label, compute)
            came = node.gives[0].spec
    return None, None


IDS = Topic("ids of the inputs", (*_NEEDS, Need.INPUT_VALUES), looked_up, Stage.DATA)
"""The values of each input that a layer looks up."""


@dataclass(frozen=True, slots=True)
class Part:
    """A tensor of the data.

    Attributes:
        place: where it is.
        spec: the tensor, batch axis first.
    """

    place: Place
    spec: Spec

    @property
    def code(self) -> str:
        """The tensor in code: ``x``, ``y['age']``."""
        return place_of(self.place.part, self.place.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The data as a whole, and what they are given for.

    Attributes:
        model: the model in the user's names.
        where: the line that gives the data, and the model that gets them.
        batch: the data.
        use: what they are given for.
        compared: whether Keras's own loss compares the outputs with y.
        traced: whether Keras traces the steps.
        inputs: the inputs that the model declares.
        arrangement: how x is arranged over them, None if that is not known.
        misfits: the tensors of x that do not fit their input.
        wanted: the shape of the targets that the loss compares with the one output, None if it is not known.
        classes: the size of the last axis of the one output, None if it is not known.
    """

    model: str
    where: Location
    batch: Batch
    use: Use | None
    compared: bool
    traced: bool
    inputs: InputTree | None = None
    arrangement: Arrangement | None = None
    misfits: tuple[Misfit, ...] = ()
    wanted: Shape | None = None
    classes: Size = None

    @property
    def drawn(self) -> bool:
        """Whether Keras makes the batches, so that its data adapters take the data."""
        return self.use is not None and (self.use.draws or self.use is Use.VALIDATION)

    @property
    def is_elements(self) -> bool:
        """Whether these are elements of a source that makes the batches itself."""
        return self.batch.source in (Source.DATASET, Source.DRAWN)

    @property
    def is_clear(self) -> bool:
        """Whether x fits its inputs as far as known: only then the first axis surely counts samples."""
        arranged_well = self.arrangement is None or self.arrangement.is_clear
        return arranged_well and not self.misfits and not any(self.other_lists())

    def other_lists(self) -> Iterator[Part]:
        """Yields the Python lists in y and weights, and those in x for which no input is declared."""
        if self.use is Use.CALL:
            return  # a layer may take a list
        for part in self.parts():
            undeclared = part.place.part != "x" or self.inputs is None
            if undeclared and part.code in self.batch.lists:
                yield part

    def parts(self) -> Iterator[Part]:
        """Yields every tensor of x, y and the sample weights."""
        trees: dict[str, SpecTree] = {"x": self.batch.x, "y": self.batch.y, "sample_weight": self.batch.weight}
        for name, tree in trees.items():
            for path, spec in leaves(tree):
                yield Part(Place(name, path), spec)

    def feasible(self, repair: Repair | None, place: Place) -> tuple[Repair, ...]:
        """Returns the repair if it can be done to the tensor, else nothing."""
        return feasible(repair, place, self.batch, self.use)


def data_of(evidence: Evidence) -> Iterator[Data]:
    """Yields the data, with all that is known of how they fit."""
    assert evidence.batch is not None
    compares = evidence.use is not None and evidence.use.compares
    yield Data(
        model=evidence.label,
        where=evidence.where,
        batch=evidence.batch,
        use=evidence.use,
        compared=compares and evidence.compared,
        traced=not evidence.eager,
        inputs=None if evidence.inputs is None else evidence.inputs.tree,
        arrangement=next(arrangements(evidence), None),
        misfits=tuple(misfits(evidence)),
        wanted=_wanted(evidence),
        classes=evidence.outputs[0].classes if evidence.outputs and len(evidence.outputs) == 1 else None,
    )


def _wanted(evidence: Evidence) -> Shape | None:
    """The shape of the targets as the loss reads them beside the output."""
    if evidence.outputs is None or evidence.training is None or len(evidence.outputs) != 1:
        return None
    output = evidence.outputs[0].shape
    loss = evidence.training.outputs[0].loss_for(None, output)
    if output is None or loss is None:
        return None
    match loss.contract.pairing:
        case Pairing.SAME | Pairing.BROADCAST:
            return output
        case Pairing.CLASS_IDS:
            return output[:-1]
    return None


DATA = Topic("the data as a whole", (Need.DATA,), data_of, Stage.DATA)
"""x, y and sample weights together."""
