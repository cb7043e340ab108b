"""What came of a program that was mended: the fixes that helped, those that did not, and what is left."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from typedlayers.diagnostics.model import Fix
from typedlayers.source.site import Crash, Finding, Seen


class Ended(enum.Enum):
    """How the search for fixes ended."""

    CLEAN = "no error is left"
    LEFT = "an error is left"
    NOT_RUN = "the program could not be run"


@dataclass(frozen=True, slots=True)
class Step:
    """One fix that helped, and what it was for."""

    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that was not made, and why."""

    finding: Finding
    fix: Fix
    why: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of a program.

    Attributes:
        ended: how it ended.
        steps: the fixes that helped, in order.
        refused: those that could not be made, or did not help.
        left: what is still said.
        crash: the exception of the last run that is no contract's.
        is_cut: True if the last run was stopped by the clock.
        before: the bytes of all files that were changed.
        after: the same files, mended.
    """

    ended: Ended
    steps: tuple[Step, ...] = ()
    refused: tuple[Refused, ...] = ()
    left: tuple[Finding, ...] = ()
    crash: Crash | None = None
    is_cut: bool = False
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)


class Chooser(Protocol):
    """Orders the fixes of a finding: the first that helps is kept."""

    def __call__(self, finding: Finding, fixes: Sequence[Fix], /) -> Sequence[Fix]:
        """Returns the fixes to be tried, in order; none to leave the finding alone."""
        ...


class Listener(Protocol):
    """Is told what happens."""

    def __call__(self, event: Seen | Step | Refused, /) -> None: ...


def in_order(finding: Finding, fixes: Sequence[Fix]) -> Sequence[Fix]:
    """Returns the fixes of a finding as they are ranked."""
    return fixes
