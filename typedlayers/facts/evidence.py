"""Evidence: one immutable record of all that is known of a program.

Facts arrive in any order: at a call, when a model is made, built or compiled, at an entry of the trainer, with the
first batch, while a step is traced. Whoever learns one adds it (`Evidence.with_facts`) and asks the rules; nothing is
judged here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from typedlayers.diagnostics.model import Location
from typedlayers.facts.compiled import Compiled
from typedlayers.facts.data import Batch
from typedlayers.facts.fitting import Fitting
from typedlayers.facts.front import EMPTY, Front
from typedlayers.facts.graph import Graph
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.layers import LayerFacts
from typedlayers.facts.outputs import Head
from typedlayers.facts.traced import Joined, Loose, Once, Turned, Unscaled, Untold
from typedlayers.facts.training import Training


class Use(enum.Enum):
    """What data are given for."""

    CALL = "call"
    FIT = "fit"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    TRAIN_ON_BATCH = "train_on_batch"
    TEST_ON_BATCH = "test_on_batch"
    PREDICT_ON_BATCH = "predict_on_batch"
    VALIDATION = "validation"
    CHECK = "check"
    """To be looked at; nobody says what for, and there need be no targets."""

    @property
    def trains(self) -> bool:
        """Whether the model learns from the data."""
        return self in (Use.FIT, Use.TRAIN_ON_BATCH, Use.CHECK)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the model that may take the data apart: Keras's own hand x to the model."""
        if self is Use.CALL:
            return ()
        if self is Use.CHECK:
            return ("train_step", "predict_step")
        if not self.compares:
            return ("predict_step",)
        return ("train_step",) if self.trains else ("test_step",)

    @property
    def draws(self) -> bool:
        """Whether Keras draws batches from the data."""
        return self in (Use.FIT, Use.EVALUATE, Use.PREDICT, Use.CHECK)

    @property
    def compares(self) -> bool:
        """Whether the model's outputs are compared with targets."""
        return self in (Use.FIT, Use.EVALUATE, Use.TRAIN_ON_BATCH, Use.TEST_ON_BATCH, Use.VALIDATION)


class Learning(enum.Enum):
    """What a loss that trains the model is computed from."""

    OUTPUTS = "the outputs alone, as Keras does it"
    OUTPUTS_AND_MORE = "the outputs, and whatever a step of the user's adds"


class Origin(enum.Enum):
    """When a fact became known."""

    BUILD = "the model as it was made"
    COMPILE = "compile()"
    DATA = "the spec of the data"
    FIRST_BATCH = "the first batch"
    TRACE = "the trace of a step"
    DRY_RUN = "a dry run on the spec of the data"
    FILE = "a saved file"


NOTHING: Mapping[str, Origin] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a program; None is what is not known.

    Attributes:
        label: the model in the user's names: ``Sequential "mnist"``.
        where: the line that gives the data, and the model that gets them.
        use: what the data are given for, None if there are no data.
        graph: the calls of the model, with the spec of every tensor.
        flat: the same, with the calls inside layers of the user's in their place, where they were seen.
        layers: every layer of the model, also those inside others.
        learns: what the loss is computed from, None if it is not known to be computed from the outputs.
        compared: whether Keras's own steps and loss compare the outputs with the targets.
        inputs: the inputs that the model declares.
        outputs: its outputs, as the loss sees them.
        batch: the data: specs, source, and what can be looked at.
        training: loss and metrics of each output.
        compiled: the nests in which loss, weights and metrics were given.
        fitting: what ``fit`` is given beside the data, None where that is not known.
        front: what the inputs of the model take.
        rescales: True if the mode repairs raw bytes.
        rewires: True if a layer can be put in front of the model without changing anything else of it.
        hands_over: whether the step that takes the data apart is Keras's own, which hands x to the model.
        copied: the trained model that it is a clone of, while the clone's weights are as they were made; or "".
        columns: the columns of the data frame that the last training had, empty if it had none.
        idle: whether no weight of the model is trainable, though it has some.
        once: what Python computes once in the steps that train it, where a program means every batch.
        joined: losses of the user's that give one number for samples that are weighted.
        loose: layers that code of the model uses, and that no layer of it holds.
        turned: losses of the user's that name the output first, and the targets second.
        unscaled: a step of the user's that does not scale its loss, though the optimizer counts on it.
        untold: a call of the model in its own step that does not say that it is training.
        eager: whether steps run without a trace (``run_eagerly``).
        dry_run_error: what stopped a dry run of the model, empty if nothing did.
        origins: by the name of the fact, when it became known.
    """

    label: str
    where: Location = field(default_factory=Location)
    use: Use | None = None
    graph: Graph | None = None
    flat: Graph | None = None
    layers: tuple[LayerFacts, ...] = ()
    learns: Learning | None = None
    compared: bool = False
    inputs: Inputs | None = None
    outputs: tuple[Head, ...] | None = None
    batch: Batch | None = None
    training: Training | None = None
    compiled: Compiled | None = None
    fitting: Fitting | None = None
    front: Front = EMPTY
    rescales: bool = False
    rewires: bool = False
    hands_over: bool = True
    copied: str = ""
    columns: tuple[str, ...] = ()
    idle: bool = False
    once: tuple[Once, ...] = ()
    joined: tuple[Joined, ...] = ()
    loose: tuple[Loose, ...] = ()
    turned: tuple[Turned, ...] = ()
    unscaled: Unscaled | None = None
    untold: Untold | None = None
    eager: bool = False
    dry_run_error: str = ""
    origins: Mapping[str, Origin] = field(default_factory=lambda: NOTHING)

    def with_facts(self, origin: Origin, **facts: object) -> Evidence:
        """Returns the evidence with facts added, or known better than before.

        >>> known = Evidence(label='Sequential "net"').with_facts(Origin.DATA, use=Use.FIT)
        >>> known.use.value, known.origins["use"].name
        ('fit', 'DATA')
        """
        origins = MappingProxyType({**self.origins, **dict.fromkeys(facts, origin)})
        return replace(self, origins=origins, **facts)  # pyright: ignore[reportArgumentType]
