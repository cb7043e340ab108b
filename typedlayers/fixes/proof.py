"""The proof of a fix: its finding is gone, nothing new is said, and the way on to the loss fits."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.fixes.case import Case, Tools, Unprovable
from typedlayers.fixes.changes import changed
from typedlayers.rules.engine import findings, latent
from typedlayers.rules.table import rules

Key = tuple[str, str, str]
"""What tells a finding from others: its code, whom it is about, and the tensor."""


class Verdict(enum.Enum):
    """What a proof came to."""

    PROVEN = "it mends, and nothing new is said"
    REFUTED = "it does not mend, or something new is said"
    UNKNOWN = "what it makes of the program is not known"


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of one proof.

    Attributes:
        verdict: what it came to.
        mended: the findings that are gone.
        why: why it is not proven.
    """

    verdict: Verdict
    mended: frozenset[Key] = frozenset()
    why: str = ""


@dataclass(slots=True)
class Court:
    """Proofs of the fixes of one case: what was said before is worked out once.

    Attributes:
        case: the case.
        tools: what edits are made with.
        before: the findings before.
        behind: what was there already, unsaid: other findings explain it.
        errors: how many there were.
    """

    case: Case
    tools: Tools
    before: Counter[Key] = field(default_factory=Counter)
    behind: Counter[Key] = field(default_factory=Counter)
    errors: int = 0

    def __post_init__(self) -> None:
        told = said(self.case)
        self.before = Counter(map(key_of, told))
        self.behind = self.before | Counter(map(key_of, latent(rules(), self.case.evidence)))
        self.errors = len(self.before)

    def knows(self, finding: Diagnostic) -> bool:
        """Returns True if the rules find it in the evidence."""
        return key_of(finding) in self.before

    def proof(self, finding: Diagnostic, edits: Sequence[Edit], *, own: bool = False) -> Proof:
        """Returns the proof that edits mend a finding.

        Args:
            finding: the finding.
            edits: the edits, to be made together.
            own: whether the rule itself proposes them: what comes to light behind a mistake in the data is another one.
        """
        key = key_of(finding)
        if not self.knows(finding):
            return Proof(Verdict.UNKNOWN, why="the finding is not one of the evidence")
        if not edits:
            return Proof(Verdict.UNKNOWN, why="there is no edit")
        try:
            after = changed(self.case, edits, self.tools)
        except Unprovable as error:
            return Proof(Verdict.UNKNOWN, why=str(error))
        if _is_blind(self.case, after):
            return Proof(Verdict.UNKNOWN, why="the values are not known any more")
        told = said(after)
        left = Counter(map(key_of, told))
        if left[key] >= self.before[key]:
            return Proof(Verdict.REFUTED, why="it is said still")
        new = [
            one for one in told if left[key_of(one)] > self.behind[key_of(one)] and not _was_hidden(one, finding, own)
        ]
        if new:
            return Proof(Verdict.REFUTED, why=f"{new[0].code} {new[0].headline}")
        return Proof(Verdict.PROVEN, frozenset(self.before - left))


def said(case: Case) -> tuple[Diagnostic, ...]:
    """Returns all that is said of a case."""
    of_layers = (one for told in case.broken.values() for one in told)
    return (*of_layers, *findings(rules(), case.evidence))


def key_of(finding: Diagnostic) -> Key:
    """Returns what tells a finding from others."""
    return finding.code, finding.where.what, str(finding.place)


def _was_hidden(new: Diagnostic, finding: Diagnostic, own: bool) -> bool:
    """True for what nobody could look at before: values of a wrong shape or dtype, targets of unclear data."""
    if new.code[2] == "4" and finding.code[2] in "2357":
        return True
    return own and new.code[2] == "6" and finding.code[2] == "5" and finding.place is None


def _is_blind(before: Case, after: Case) -> bool:
    """True if values could be looked at before and cannot any more: silence proves nothing then."""
    old, new = before.evidence.batch, after.evidence.batch
    if old is None or new is None or old is new:
        return False
    return (old.values is not None and new.values is None) or (old.targets is not None and new.targets is None)
