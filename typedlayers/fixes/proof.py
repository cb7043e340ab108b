"""The proof of a fix: its finding is gone, nothing new is said, and the way on to the loss fits."""

from __future__ import annotations

import enum
import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.fixes.case import Case, Tools, Unprovable
from typedlayers.fixes.changes import changed
from typedlayers.rules.engine import findings, latent
from typedlayers.rules.rule import AnyRule
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


@dataclass
class Court:
    """Proofs of the fixes of one case: what was said before is worked out once, when a proof asks for it.

    Attributes:
        case: the case.
        tools: what edits are made with.
    """

    case: Case
    tools: Tools

    @functools.cached_property
    def before(self) -> Counter[Key]:
        """The findings before."""
        return Counter(map(key_of, said(self.case)))

    @functools.cached_property
    def behind(self) -> Counter[Key]:
        """What was there already, said or unsaid: other findings explain it."""
        return self.before | Counter(map(key_of, latent(rules(), self.case.evidence)))

    @property
    def errors(self) -> int:
        """How many findings there were."""
        return len(self.before)

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
        if not edits:
            return Proof(Verdict.UNKNOWN, why="there is no edit")
        key = key_of(finding)
        if not self.knows(finding):
            return Proof(Verdict.UNKNOWN, why="the finding is not one of the evidence")
        try:
            after = changed(self.case, edits, self.tools)
        except Unprovable as error:
            return Proof(Verdict.UNKNOWN, why=str(error))
        if _is_blind(self.case, after):
            return Proof(Verdict.UNKNOWN, why="the values are not known any more")
        if Counter(map(key_of, said(after, of=finding.code)))[key] >= self.before[key]:
            return Proof(Verdict.REFUTED, why="it is said still")
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


def said(case: Case, of: str = "") -> tuple[Diagnostic, ...]:
    """Returns all that is said of a case.

    Args:
        case: the case.
        of: a code: only its rules run.
    """
    of_layers = (one for told in case.broken.values() for one in told)
    asked = _rules_of(of) if of else rules()
    return (*of_layers, *(findings(asked, case.evidence) if asked else ()))


@functools.cache
def _rules_of(code: str) -> tuple[AnyRule, ...]:
    return tuple(rule for rule in rules() if rule.code == code)


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
