"""The one shape of a rule, and what rules are about."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.evidence import Evidence

T = TypeVar("T")


class Need(enum.Enum):
    """A fact without which a rule cannot run: how a report says that it was missing, and how the user can give it."""

    DATA = "no data were given", "give data"
    GRAPH = "it is not known what each layer gets", "give data or an Input"
    INPUTS = "the model declares no input", "give it an Input"
    HANDED_OVER = "a step of the model's own takes the data apart", "fit looks at what the step hands to the model"
    OUTPUTS = "the output's shape is unknown until the model is built", "give data or an Input"
    LOSS = "no loss of Keras's compares the outputs with targets", "compile the model with a loss"
    TARGETS = "no targets were given", "give targets"
    INPUT_VALUES = (
        "the values of the data cannot be read without drawing a batch",
        "give arrays; fit looks at its first batch",
    )
    TARGET_VALUES = "their values can only be read by drawing a batch", "give arrays; fit looks at its first batch"

    def __init__(self, missing: str, how: str) -> None:
        self.missing = missing
        self.how = how

    def fact(self, evidence: Evidence) -> object:
        """Returns the fact, None if it is not known."""
        batch = evidence.batch
        match self:
            case Need.GRAPH:
                return evidence.graph
            case Need.INPUTS:
                return evidence.inputs if evidence.inputs is not None and evidence.inputs.tree is not None else None
            case Need.OUTPUTS:
                return evidence.outputs
            case Need.LOSS:
                return evidence.training
            case Need.HANDED_OVER:
                return evidence.hands_over or None
        if batch is None:
            return None
        parts = {Need.DATA: batch.x, Need.INPUT_VALUES: batch.values, Need.TARGETS: batch.y}
        return parts.get(self, batch.targets)


class Stage(enum.Enum):
    """The order in which findings are told: causes first."""

    MODEL = "the model by itself"
    DATA = "data against the model's inputs"
    TARGETS = "outputs, loss and targets"
    VALUES = "values"

    @property
    def needs_clear_data(self) -> bool:
        """True if nothing can be said while it is unclear what is meant to be x and y."""
        return self in (Stage.TARGETS, Stage.VALUES)


@dataclass(frozen=True, slots=True)
class Topic(Generic[T]):
    """What rules are about: one input, one output, one call, the data as a whole.

    Attributes:
        name: what it is, for reports: ``targets and loss``.
        needs: the facts without which there is none.
        subjects: the things of an evidence that its rules look at, one by one.
        stage: when its rules are asked.
    """

    name: str
    needs: tuple[Need, ...]
    subjects: Callable[[Evidence], Iterable[T]]
    stage: Stage = Stage.MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[T]):
    """One rule: from facts to findings. Its severity, its name and its page are those of its code.

    Attributes:
        code: its code in `typedlayers.diagnostics.codes`.
        about: what it looks at.
        find: yields what is wrong with one of these: nothing, mostly.
        needs: facts that it needs beyond those of what it is about.
        after: codes that, found of the same subject, explain what this rule would find; it is not run then.
    """

    code: str
    about: Topic[T]
    find: Callable[[T], Iterable[Diagnostic]]
    needs: tuple[Need, ...] = ()
    after: frozenset[str] = frozenset()


AnyRule = Rule[Any]
