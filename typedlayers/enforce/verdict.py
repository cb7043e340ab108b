"""What a mode makes of what a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from typedlayers.contracts.contract import Checked, Resolved
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic, Repair, Severity
from typedlayers.enforce.allow import is_allowed
from typedlayers.enforce.message import Subject, explain
from typedlayers.enforce.plan import plan
from typedlayers.modes import Action, Mode
from typedlayers.spec import SpecTree


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done about one call.

    Attributes:
        errors: diagnostics to raise.
        warnings: diagnostics to warn of; the program runs on.
        repairs: by argument, or place in it (``inputs[0]``), what to do to it before the layer gets it.
        silenced: how many diagnostics the user allowed.
    """

    errors: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    repairs: Mapping[str, tuple[Repair, ...]] = field(default_factory=dict)
    silenced: int = 0

    @property
    def passes(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.errors or self.warnings or self.repairs or self.silenced)

    @property
    def only_repairs(self) -> bool:
        """Whether repairs are all that is to be done."""
        return bool(self.repairs) and not (self.errors or self.warnings or self.silenced)


def judge(
    checked: Checked,
    resolved: Resolved,
    specs: Mapping[str, SpecTree],
    mode: Mode,
    subject: Subject,
    *,
    allowed: frozenset[str] = frozenset(),
    bindings: Bindings | None = None,
) -> Verdict:
    """Returns what a mode makes of the mismatches of one call.

    Args:
        checked: what the check found.
        resolved: the layer's contract.
        specs: the call's arguments.
        mode: what to do with a mismatch.
        subject: whom messages are about.
        allowed: codes that the user silenced for this layer.
        bindings: the names that the check started from.
    """
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    repairs: dict[str, tuple[Repair, ...]] = {}
    silenced = 0
    for mismatch, rule in checked.mismatches:
        argument = mismatch.argument
        planned = plan(resolved, specs, argument, bindings=bindings)
        diagnostic = explain(mismatch, rule, resolved, subject, planned or ())
        if is_allowed(diagnostic, allowed):
            silenced += 1
            continue
        actions = {mode.action(repair.kind) for repair in planned or ()}
        if planned and actions == {Action.REPAIR}:
            repairs[argument] = planned
        elif diagnostic.severity is not Severity.ERROR or (planned and Action.ERROR not in actions):
            warnings.append(diagnostic)
        else:
            errors.append(diagnostic)
    return Verdict(tuple(errors), tuple(warnings), repairs, silenced)
