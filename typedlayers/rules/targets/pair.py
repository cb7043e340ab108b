"""One output of a model with its loss and its targets: what every rule on them speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from typedlayers.catalogue.losses import LossFacts, class_of
from typedlayers.diagnostics.edit import Data, Edit, Loss
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.outputs import Head
from typedlayers.facts.targets import paired
from typedlayers.facts.values import Seen
from typedlayers.rules.rule import Need, Stage, Topic
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


def pairs(evidence: Evidence) -> Iterator[Pair]:
    """Yields each output of a model with its loss, its targets and its sample weights."""
    assert evidence.outputs is not None
    assert evidence.training is not None
    names = tuple(head.name for head in evidence.outputs)
    compiled = evidence.training.outputs
    batch = evidence.batch or Batch(None)
    targets = paired(names, [one.given for one in compiled], batch.y)
    weights = paired(names, [one.given for one in compiled], batch.weight)
    for index, head in enumerate(evidence.outputs):
        target, weight = (part.values[index] for part in (targets, weights))
        target = target if isinstance(target, Spec) else None
        shape = None if target is None else target.shape
        yield Pair(
            evidence.label,
            evidence.where,
            head,
            compiled[index].loss_for(shape, head.shape),
            target,
            None,
            targets.name(index),
            weight if isinstance(weight, Spec) else None,
            batch.source,
        )


OUTPUTS = Topic("outputs and losses", (Need.OUTPUTS, Need.LOSS), pairs, Stage.TARGETS)
"""Outputs with their losses; their targets may be unknown."""


def diagnostic(pair: Pair, code: str, headline: str, **facts: object) -> Diagnostic:
    """Returns a diagnostic about a pair, at the line that gives the targets."""
    needs = f"{pair.head.spec} of {pair.by}"
    gets = "" if pair.target is None else f"{pair.target} as {pair.what}"
    made = Diagnostic(code, headline, where=pair.where, gets=gets, needs=needs)
    return made.with_(**facts)


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
