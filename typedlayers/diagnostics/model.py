"""Diagnostics as values. Nothing here formats prose; `typedlayers.diagnostics.render` does."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from typedlayers.diagnostics.edit import Edit


class Severity(enum.StrEnum):
    """How bad it is; it belongs to the code."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Certainty(enum.StrEnum):
    """Whether the facts prove the mistake."""

    CERTAIN = "certain"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the user's program: the line that made the layer, and the layer's place in its model.

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
    """A repair as data: what an adapter does, from which spec to which.

    Attributes:
        kind: ``"cast"``, ``"flatten"``, ``"expand_dims"``, ``"squeeze"`` or ``"rescale"``.
        dtype: the dtype that a cast or rescale gives.
        axis: the axis that is added or taken away.
        scale: the factor of a rescale.
        offset: what a rescale adds.
    """

    kind: str
    dtype: str | None = None
    axis: int | None = None
    scale: float | None = None
    offset: float = 0.0

    def __str__(self) -> str:
        match self.kind:
            case "cast":
                return f"cast to {self.dtype}"
            case "rescale":
                return f"rescale by {_factor(self.scale)}" + (f", {self.offset:+g}" if self.offset else "")
            case "flatten":
                return "flatten"
        return f"{self.kind}(axis={self.axis})"


def _factor(scale: float | None) -> str:
    if scale and scale < 1 and abs(1 / scale - round(1 / scale, 1)) < 1e-9:
        return f"1/{round(1 / scale, 1):g}"
    return f"{scale:g}" if scale is not None else "?"


@dataclass(frozen=True, slots=True)
class Fix:
    """What to type. Offered only if it makes the check pass.

    Attributes:
        text: the code or the instruction, in the user's names.
        repair: the repair it amounts to, if lenient mode could do it.
        edits: the same as values, all of which are to be made; empty if it is advice that no edit says.
    """

    text: str
    repair: Repair | None = None
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, *edits: Edit, condition: str = "", repair: Repair | None = None) -> Fix:
        """Returns the fix that makes edits, in their own words.

        Args:
            edits: what it changes.
            condition: what is said behind them: when it is right, or what it comes to.
            repair: the repair it amounts to.
        """
        said = " and ".join(str(edit) for edit in edits)
        return cls(f"{said}, {condition}" if condition else said, repair, edits)


@dataclass(frozen=True, slots=True)
class Place:
    """A tensor among what a model is given.

    Attributes:
        part: the argument that holds it: ``"x"``, ``"y"``, ``"sample_weight"``.
        path: keys and indices that lead to it in a nest.
    """

    part: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake, with all that a reader needs to mend it.

    Attributes:
        code: ``TL201``; the table is `typedlayers.diagnostics.codes`.
        headline: one sentence that stands alone; never the fix.
        where: the user's line and the layer's place.
        gets: what came, and from where.
        needs: what the contract says.
        why: the cause.
        fixes: what to type, the likeliest first.
        certainty: whether the facts prove it.
        repairs: what lenient mode would do, in order; none if it cannot repair this.
        place: the tensor that they would be done to, None if they are done to no data.
        follows: diagnostics that this one caused.
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

    @property
    def severity(self) -> Severity:
        """The severity of the code."""
        from typedlayers.diagnostics.codes import CODES

        return CODES[self.code].severity

    @property
    def lenient(self) -> Repair | None:
        """The first thing that lenient mode would do."""
        return self.repairs[0] if self.repairs else None

    @property
    def is_error(self) -> bool:
        """Whether the code's severity is that of an error, and the facts prove it."""
        return self.severity is Severity.ERROR and self.certainty is Certainty.CERTAIN

    @property
    def rule(self) -> str:
        """The rule's name, as `typedlayers.allow` takes it."""
        from typedlayers.diagnostics.codes import CODES

        return CODES[self.code].rule

    def with_(self, **changes: object) -> Diagnostic:
        """Returns the same diagnostic with some attributes exchanged."""
        return replace(self, **changes)  # pyright: ignore[reportArgumentType]

    def walk(self) -> Iterator[Diagnostic]:
        """Yields this diagnostic and all that it caused."""
        yield self
        for inner in self.follows:
            yield from inner.walk()

    def __str__(self) -> str:
        from typedlayers.diagnostics.render.text import render

        return render((self,))
