"""The contract of one call: every mismatch as a finding, with the repairs that fix it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typedlayers.contracts.contract import Checked, Resolved
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic, Place
from typedlayers.diagnostics.subject import Subject
from typedlayers.rules.contracts.explain import explain
from typedlayers.rules.contracts.repair_plan import plan
from typedlayers.spec import SpecTree


def findings_of(
    checked: Checked,
    resolved: Resolved,
    specs: Mapping[str, SpecTree],
    subject: Subject,
    bindings: Bindings | None = None,
) -> Iterator[Diagnostic]:
    """Yields what is wrong with a call, argument by argument; `Diagnostic.place` names the argument.

    Args:
        checked: the result of the check.
        resolved: the layer's contract.
        specs: the call's arguments.
        subject: the layer that messages name.
        bindings: the names that the check started from.
    """
    for mismatch, rule in checked.mismatches:
        planned = plan(resolved, specs, mismatch.argument, bindings=bindings) or ()
        yield explain(mismatch, rule, resolved, subject, planned).with_(place=Place(mismatch.argument))
