"""The gate: a mode decides on findings, which are then raised or warned of.

Every finding of every rule and contract passes here: silenced where the user allowed it, repaired, warned of or raised
as the mode says.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.errors import ContractError
from typedlayers.modes import Action, Level, Mode
from typedlayers.verdict import settings, source
from typedlayers.verdict.allow import is_allowed

NOBODY: frozenset[str] = frozenset()
"""Nothing is silenced."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on findings.

    Attributes:
        errors: to be raised.
        warnings: to be warned of; the program runs on.
        repaired: to be repaired, as `Diagnostic.repairs` says.
        silenced: how many the user allowed.
    """

    errors: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    repaired: tuple[Diagnostic, ...] = ()
    silenced: int = 0

    @property
    def passes(self) -> bool:
        """True if there is nothing to raise, warn of or repair."""
        return not (self.errors or self.warnings or self.repaired or self.silenced)

    @property
    def only_repairs(self) -> bool:
        """True if there are repairs and nothing else."""
        return bool(self.repaired) and not (self.errors or self.warnings or self.silenced)

    @property
    def repairs(self) -> dict[str, tuple[Repair, ...]]:
        """The repairs by argument, or place in it (``inputs[0]``), done before the layer's call."""
        return {one.place.part: one.repairs for one in self.repaired if one.place is not None}


def judge(findings: Iterable[Diagnostic], mode: Mode, allowed: frozenset[str] = NOBODY) -> Verdict:
    """Returns a mode's decision on findings.

    Args:
        findings: the findings; `Diagnostic.repairs` holds only repairs that are possible in place.
        mode: the mode.
        allowed: codes that the user silenced for the layer or model.
    """
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    repaired: list[Diagnostic] = []
    silenced = 0
    for finding in findings:
        if is_allowed(finding, allowed):
            silenced += 1
            continue
        finding = settings.current().rated(finding)
        match action_for(finding, mode):
            case Action.REPAIR:
                repaired.append(finding)
            case Action.WARN:
                warnings.append(finding)
            case Action.ERROR:
                errors.append(finding)
    return Verdict(tuple(errors), tuple(warnings), tuple(repaired), silenced)


def action_for(finding: Diagnostic, mode: Mode) -> Action:
    """Returns the mode's action for one finding; it must allow every step of a repair."""
    # `Mode.targets` decides alone on targets, whatever the repair
    targets = finding.place is not None and finding.place.part == "y"
    actions = {mode.targets if targets else mode.action(repair.kind) for repair in finding.repairs}
    if actions == {Action.REPAIR}:
        return Action.REPAIR
    # without repairs an error stays one: `warn` is a choice about repairs
    if not finding.is_error or (actions and Action.ERROR not in actions):
        return Action.WARN
    return Action.ERROR


def say(verdict: Verdict, mode: Mode, told: set[str]) -> None:
    """Raises the errors of a verdict, or warns.

    Args:
        verdict: the decision.
        mode: the mode; it may promote warnings to errors.
        told: the warnings shown before, which is added to. A possible mistake is shown once, a certain one that the
            mode lets pass each time.

    Raises:
        ContractError: with all errors; with the warnings too where the mode promotes them.
    """
    collector = _collector.get()
    if collector is not None:
        collector += verdict.warnings
        if verdict.errors:
            raise ContractError(verdict.errors)
        return
    fresh = tuple(one for one in verdict.warnings if one.is_error or _key(one) not in told)
    told.update(map(_key, fresh))
    errors = verdict.errors
    if mode.warnings is Level.ERROR:
        errors, fresh = errors + fresh, ()
    if errors:
        raise ContractError(errors)
    if fresh:
        source.warn(fresh)


def tell(findings: Iterable[Diagnostic], mode: Mode, told: set[str], allowed: frozenset[str] = NOBODY) -> Verdict:
    """Judges findings, raises or warns, and returns the verdict with the repairs.

    Raises:
        ContractError: as `say`.
    """
    verdict = judge(findings, mode, allowed)
    say(verdict, mode, told)
    return verdict


_collector: Final[contextvars.ContextVar[list[Diagnostic] | None]] = contextvars.ContextVar(
    "typedlayers_collector", default=None
)


@contextlib.contextmanager
def collecting() -> Iterator[list[Diagnostic]]:
    """Collects the warnings of a ``with`` block unshown; errors are raised, as no call survives them."""
    found: list[Diagnostic] = []
    token = _collector.set(found)
    try:
        yield found
    finally:
        _collector.reset(token)


def was_told(finding: Diagnostic, told: set[str]) -> bool:
    """Returns True if a warning was shown before."""
    return _key(finding) in told


def _key(finding: Diagnostic) -> str:
    return f"{finding.code} {finding.headline}"
