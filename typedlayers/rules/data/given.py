"""What goes into one input of a model, and how a mistake in it is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Source
from typedlayers.facts.inputs import Intake
from typedlayers.spec import Shape, Spec


@dataclass(frozen=True, slots=True)
class Given:
    """What goes into one input.

    Attributes:
        spec: the tensor, its batch axis included.
        what: the data as a whole, in the user's names.
        place: the tensor in the user's names.
        source: what the data come from.
        targets: the targets that come with it, None if there are none or more than one.
        alone: whether there are no targets: one sample can then be made a batch of one.
    """

    spec: Spec
    what: str
    place: str
    source: Source = Source.ARRAYS
    targets: Spec | None = None
    alone: bool = True

    @property
    def is_element(self) -> bool:
        """Whether this is an element of a data source, which decides over batches, and no array."""
        return self.source in (Source.DATASET, Source.DRAWN)

    @property
    def named(self) -> str:
        """The tensor in code: ``x['age']``; ``x`` where the place is said in words."""
        return "x" if self.place == self.what and self.source is not Source.ARRAYS else self.place.partition(" of ")[0]

    def changed(self, lead: str, array: str, tensor: str, repair: Repair | None = None) -> Fix:
        """Returns the fix that changes the tensor.

        Args:
            lead: what is done, before the code.
            array: the code for an array.
            tensor: the code for a tensor, in which a dataset gives each batch.
            repair: the repair it amounts to.
        """
        if self.source is not Source.DATASET:
            return Fix(f"{lead}: {array}", repair, self.edits(array))
        if self.place != self.what:
            return Fix(f"{lead} in a ds.map(): {tensor}", repair)
        mapped = Data("ds", f"ds.map(lambda x: {tensor})" if self.alone else f"ds.map(lambda x, y: ({tensor}, y))")
        return Fix(f"{lead}: {mapped.code}", repair, (mapped,))

    def edits(self, code: str) -> tuple[Edit, ...]:
        """The edit that gives other data, in code where `x` stands for the tensor; none if it is a part of them."""
        return (Data("x", code),) if self.place == self.what else ()

    def counts(self, shape: Shape) -> bool:
        """Whether the first axis of a shape counts samples, as that of the targets does: the sizes agree."""
        targets = None if self.targets is None else self.targets.shape
        return bool(targets) and bool(shape) and targets[0] == shape[0]


def diagnostic(intake: Intake, given: Given, code: str, headline: str, **facts: Any) -> Diagnostic:
    """Returns a diagnostic of one input, with what it gets and what it needs."""
    found = Diagnostic(
        code,
        headline,
        where=intake.where,
        gets=f"{given.spec} as {given.place}",
        needs=f"{intake.spec}, for {intake.first}",
    )
    return replace(found, **facts)
