"""One input of a model with the tensor that it gets, and how messages speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix, Place, Repair
from typedlayers.facts.data import Batch, Path, Source
from typedlayers.facts.evidence import Use
from typedlayers.facts.inputs import InputSpec
from typedlayers.rules.data.repairs import feasible
from typedlayers.spec import Shape, Spec, place_of


@dataclass(frozen=True, slots=True)
class Given:
    """One input of a model and the tensor that it gets.

    Attributes:
        input: the input.
        path: the tensor's path in x.
        spec: the tensor, batch axis first.
        batch: the data that the tensor is a part of.
        use: what the data are given for.
    """

    input: InputSpec
    path: Path
    spec: Spec
    batch: Batch
    use: Use | None = None

    @property
    def what(self) -> str:
        """The data as a whole, in the user's names."""
        return self.batch.what

    @property
    def place(self) -> str:
        """The tensor in the user's names: ``x``, ``x['age'] of the dataset``."""
        return self.batch.called(self.path)

    @property
    def code(self) -> str:
        """The tensor in code: ``x``, ``x['age']``."""
        return place_of("x", self.path)

    @property
    def is_x(self) -> bool:
        """Whether the tensor is x as such, which a user changes by one expression."""
        return not self.path and self.batch.source is Source.ARRAYS and self.what == "x"

    @property
    def is_element(self) -> bool:
        """Whether this is an element of a source that makes the batches itself, and not an array."""
        return self.batch.source in (Source.DATASET, Source.DRAWN)

    @property
    def has_targets(self) -> bool:
        """Whether targets come with it: one sample can then not be made a batch of one."""
        return self.batch.y is not None

    def counts(self, shape: Shape) -> bool:
        """Whether the first axis of a shape counts samples as the targets do: the sizes agree."""
        targets = self.batch.y.shape if isinstance(self.batch.y, Spec) else None
        return bool(targets) and bool(shape) and targets[0] == shape[0]

    def edits(self, code: str) -> tuple[Edit, ...]:
        """Returns the edit that exchanges the data, in code where `x` is the tensor; none for a part of x."""
        return () if self.path else (Data("x", code),)

    def feasible(self, repair: Repair | None) -> tuple[Repair, ...]:
        """Returns the repair if it can be done to the tensor, else nothing."""
        return feasible(repair, Place("x", self.path), self.batch, self.use)

    def changed(self, lead: str, array: str, tensor: str, repair: Repair | None = None) -> Fix:
        """Returns the fix that changes the tensor.

        Args:
            lead: what is done, before the code.
            array: the code for an array.
            tensor: the code for a tensor, in which a dataset gives each batch.
            repair: the repair it amounts to.
        """
        repair = next(iter(self.feasible(repair)), None)
        if self.batch.source is not Source.DATASET:
            return Fix(f"{lead}: {array}", repair, self.edits(array))
        if self.path:
            return Fix(f"{lead} in a ds.map(): {tensor}", repair)
        mapped = mapped_dataset(self.batch, tensor)
        return Fix(f"{lead}: {mapped.code}", repair, (mapped,))


def mapped_dataset(batch: Batch, x: str) -> Data:
    """Returns the edit that gives a dataset another x, in code; targets and weights stay."""
    parts = [name for name, tree in (("x", True), ("y", batch.y), ("w", batch.weight)) if tree is not None]
    kept = ", ".join([x, *parts[1:]])
    return Data("ds", f"ds.map(lambda {', '.join(parts)}: {kept if len(parts) == 1 else f'({kept})'})")


def diagnostic(given: Given, code: str, headline: str, *, repair: Repair | None = None, **facts: Any) -> Diagnostic:
    """Returns a diagnostic of one input, with the tensor that it gets and the spec that it declares.

    Args:
        given: the input and the tensor.
        code: the code.
        headline: what is wrong.
        repair: what would make the tensor fit; kept if it can be done.
        facts: more of the diagnostic.
    """
    found = Diagnostic(
        code,
        headline,
        where=given.input.where,
        gets=f"{given.spec} as {given.place}",
        needs=given.input.needs,
        repairs=given.feasible(repair),
        place=Place("x", given.path),
    )
    return found.with_(**facts)
