"""One output of a model with its loss and its targets: what every rule on them speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from typedlayers.catalogue.losses import LossFacts, class_of
from typedlayers.catalogue.metrics import MetricFacts
from typedlayers.diagnostics.edit import Data, Edit, Loss
from typedlayers.diagnostics.model import Diagnostic, Fix, Location, Place
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.labels import Seen
from typedlayers.facts.outputs import Head
from typedlayers.facts.rows import RowFacts
from typedlayers.facts.targets import paired
from typedlayers.facts.values import Values, seen_of
from typedlayers.rules.rule import Need, Stage, Topic
from typedlayers.rules.targets.structure import structure_fault
from typedlayers.spec import Shape, Spec


@dataclass(frozen=True, slots=True)
class Pair:
    """One output of a model, its loss and its targets.

    Attributes:
        model: the model in the user's names.
        where: the user's line that gives the targets.
        head: the output.
        loss: its loss, None if it is not one of Keras's own.
        target: the targets' spec, batch axis first; None if unknown.
        seen: what was seen of their values, None if they were not looked at.
        what: the targets in the user's names: ``y``, ``y['dept']``.
        weight: the sample weights' spec, None if there are none or they are unknown.
        source: what the targets come from.
        place: where a repair can reach them, None if none can.
        metrics: its metrics, as far as they are Keras's own.
        values: the targets' values, None if they cannot be looked at.
    """

    model: str
    where: Location
    head: Head
    loss: LossFacts | None = None
    target: Spec | None = None
    seen: Seen | None = None
    what: str = "y"
    weight: Spec | None = None
    source: Source = Source.ARRAYS
    place: Place | None = None
    metrics: tuple[MetricFacts, ...] = ()
    values: Values | None = None

    @property
    def rows(self) -> RowFacts | None:
        """What was seen of the rows of the targets, None if they were not looked at."""
        return None if self.values is None else self.values.rows

    @property
    def named(self) -> str:
        """The loss in the user's names."""
        text = "" if self.loss is None else f" {self.loss.text}"
        return f'the loss{text} of output "{self.head.name}"'

    def changed(self, array: str, tensor: str | None = None) -> Data:
        """The edit that changes the targets `y`: in code for an array, or for a tensor of a dataset."""
        return Data("y", array if tensor is None or self.source is not Source.DATASET else tensor)

    @property
    def output(self) -> str:
        """The output as an edit of `compile` names it: empty if the model has only one."""
        return "" if self.head.only else self.head.name

    @property
    def shape(self) -> Shape | None:
        """The targets' shape; how many samples there are is no part of it."""
        shape = None if self.target is None else self.target.shape
        return (None, *shape[1:]) if shape else shape

    @property
    def by(self) -> str:
        """The layer that makes the output, and its line if that is known."""
        line = self.head.subject.where.line
        return self.head.subject.label if line is None else f"{self.head.subject.label} (line {line})"

    @property
    def is_softmax(self) -> bool:
        """True if the output is a distribution along its last axis."""
        return self.head.activation is not None and self.head.activation.sums_to_one


def pairs(evidence: Evidence) -> Iterator[Pair]:
    """Yields each output of a model with its loss, its targets and its sample weights."""
    if evidence.outputs is None or evidence.training is None:
        return
    names, compiled = tuple(head.name for head in evidence.outputs), evidence.training.outputs
    with_loss = [one.given for one in compiled]
    batch = evidence.batch or Batch(None)
    targets, weights = paired(names, with_loss, batch.y), paired(names, with_loss, batch.weight)
    values = paired(names, with_loss, batch.targets)
    for index, head in enumerate(evidence.outputs):
        target, weight = _spec(targets.values[index]), _spec(weights.values[index])
        loss = compiled[index].loss_for(None if target is None else target.shape, head.shape)
        yield Pair(
            evidence.label,
            evidence.where,
            head,
            loss,
            target,
            _seen(values.values[index], loss, weighted=head.masked or weight is not None),
            targets.name(index),
            weight,
            batch.source,
            Place("y", targets.paths[index]) if can_be_repaired(evidence) else None,
            compiled[index].metrics_for(None if target is None else target.shape, head.shape),
            None if values.values[index] is None else Values.of(values.values[index]),
        )


def _spec(found: object) -> Spec | None:
    return found if isinstance(found, Spec) else None


def _seen(values: Any, loss: LossFacts | None, *, weighted: bool) -> Seen | None:
    return None if loss is None else seen_of(values, ignore=loss.ignore_class, weighted=weighted)


def can_be_repaired(evidence: Evidence) -> bool:
    """Returns True if the targets are at hand and Keras has not got them yet."""
    return evidence.batch is not None and evidence.batch.source is Source.ARRAYS and evidence.use is not Use.VALIDATION


def _structures(evidence: Evidence) -> Iterator[Evidence]:
    yield evidence


def _of_clear_structure(evidence: Evidence) -> Iterator[Pair]:
    if structure_fault(evidence) is None:  # else it is unknown which targets belong to which output
        yield from pairs(evidence)


STRUCTURE = Topic("targets and loss", (Need.OUTPUTS, Need.LOSS), _structures, Stage.TARGETS)
"""The targets of a model as a whole."""

OUTPUTS = Topic("targets and loss", (Need.OUTPUTS, Need.LOSS), _of_clear_structure, Stage.TARGETS)
"""Outputs with their losses and targets; rules on targets find nothing where these are unknown."""


def diagnostic(pair: Pair, code: str, headline: str, **facts: object) -> Diagnostic:
    """Returns a diagnostic about a pair, at the line that gives the targets."""
    needs = f"{pair.head.spec} of {pair.by}"
    gets = "" if pair.target is None else f"{pair.target} as {pair.what}"
    made = Diagnostic(code, headline, where=pair.where, gets=gets, needs=needs).with_(**facts)
    return made if pair.place is not None else made.with_(repairs=())


Offer: TypeAlias = Fix | Edit | str
"""What is offered: a fix, an edit that says itself, or advice in words."""


def fixes(*offers: Offer) -> tuple[Fix, ...]:
    """Returns what is offered as fixes."""
    return tuple(map(_fix, offers))


def _fix(offer: Offer) -> Fix:
    if isinstance(offer, Fix):
        return offer
    return Fix(offer) if isinstance(offer, str) else Fix.of(offer)


def with_logits(name: str, pair: Pair) -> Fix:
    """Returns the fix that gives the output a loss that takes logits, as a user writes it."""
    loss = f"losses.{class_of(name)}(from_logits=True)"
    return Fix(loss, edits=(Loss(loss, pair.output),))
