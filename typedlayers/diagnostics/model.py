"""Diagnostics as values. Nothing here formats prose; `typedlayers.diagnostics.render` does."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from typedlayers.diagnostics.edit import Edit


class Severity(enum.StrEnum):
    """The severity of a code."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Certainty(enum.StrEnum):
    """The facts prove the mistake, or only suggest it."""

    CERTAIN = "certain"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the user's program: the line that created a layer, and its place in the model.

    Attributes:
        file: path of the user's file (or notebook cell), None if unknown.
        line: line number in it, from 1.
        what: the layer, input or data in the user's names: ``Conv2D "conv1"``.
        within: its place: ``layer 2 of 5 in Sequential "mnist"``.
    """

    file: str | None = None
    line: int | None = None
    what: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair as data: the op of an adapter and its arguments.

    Attributes:
        kind: its name in the table `typedlayers.diagnostics.repair_kinds.KINDS`: ``"cast"``.
        dtype: the dtype after a cast or rescale.
        axis: the axis that is added or removed.
        scale: the factor of a rescale.
        offset: the number that a rescale adds.
        size: the number of classes of one-hot rows.
    """

    kind: str
    dtype: str | None = None
    axis: int | None = None
    scale: float | None = None
    offset: float = 0.0
    size: int | None = None

    def __str__(self) -> str:
        from typedlayers.diagnostics.repair_kinds import kind_of_repair

        return kind_of_repair(self).words(self)


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that the user types. Offered only if it makes the check pass.

    Attributes:
        text: the code or the instruction, in the user's names.
        repair: the repair with the same effect, if lenient mode has one.
        edits: the same as values, to be applied together; empty for advice in prose.
    """

    text: str
    repair: Repair | None = None
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, *edits: Edit, condition: str = "", repair: Repair | None = None) -> Fix:
        """Returns the fix that applies edits, in their own words.

        Args:
            edits: the edits.
            condition: the words after them: when the fix is right, or its effect.
            repair: the repair with the same effect.
        """
        said = " and ".join(str(edit) for edit in edits)
        return cls(f"{said}, {condition}" if condition else said, repair, edits)


@dataclass(frozen=True, slots=True)
class Place:
    """A tensor in the data of a call.

    Attributes:
        part: the argument that holds it: ``"x"``, ``"y"``, ``"sample_weight"``.
        path: the keys and indices of it in a nest.
    """

    part: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake, with all that a reader needs to fix it.

    Attributes:
        code: ``TL201``; the table is `typedlayers.diagnostics.codes`.
        headline: one sentence, readable on its own; never the fix.
        where: the user's line and the layer's place.
        gets: the tensor that was given, and its origin.
        needs: the contract.
        why: the cause.
        fixes: the changes to type, the likeliest first.
        certainty: certain if the facts prove it.
        repairs: the repairs of lenient mode, in order; none if it has none.
        place: the tensor to repair, None if it is not part of the data.
        follows: diagnostics that this one caused.
        instead_of: the code that it is given in place of: what allows that allows this.
        rated: the severity that the settings give its rule, None for that of the table.
    """

    code: str
    headline: str
    where: Location = field(default_factory=Location)
    gets: str = ""
    needs: str = ""
    why: str = ""
    fixes: tuple[Fix, ...] = ()
    certainty: Certainty = Certainty.CERTAIN
    repairs: tuple[Repair, ...] = ()
    place: Place | None = None
    follows: tuple[Diagnostic, ...] = ()
    instead_of: str = ""
    rated: Severity | None = None

    @property
    def allowed_by(self) -> frozenset[str]:
        """The codes that silence it."""
        return frozenset({self.code, self.instead_of} - {""})

    @property
    def severity(self) -> Severity:
        """The severity of the code, or the one that the settings give it."""
        from typedlayers.diagnostics.codes import CODES

        return CODES[self.code].severity if self.rated is None else self.rated

    @property
    def lenient(self) -> Repair | None:
        """The first repair of lenient mode."""
        return self.repairs[0] if self.repairs else None

    @property
    def is_error(self) -> bool:
        """True if the code is an error and the facts prove it."""
        return self.severity is Severity.ERROR and self.certainty is Certainty.CERTAIN

    @property
    def rule(self) -> str:
        """The rule's name, as `typedlayers.allow` takes it."""
        from typedlayers.diagnostics.codes import CODES

        return CODES[self.code].rule

    def with_(self, **changes: object) -> Diagnostic:
        """Returns the diagnostic with some attributes replaced."""
        return replace(self, **changes)  # pyright: ignore[reportArgumentType]

    def walk(self) -> Iterator[Diagnostic]:
        """Yields this diagnostic and its consequences."""
        yield self
        for inner in self.follows:
            yield from inner.walk()

    def __str__(self) -> str:
        from typedlayers.diagnostics.render.text import render

        return render((self,))
