"""Mismatch → Diagnostic: the facts in the anatomy that every message has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typedlayers.contracts.contract import Resolved, Rule
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Certainty, Diagnostic, Repair, Severity
from typedlayers.diagnostics.subject import Subject, with_origin
from typedlayers.rules.contracts.causes import cause
from typedlayers.rules.contracts.fixes import fixes
from typedlayers.rules.contracts.headlines import OF_RESULT, headline
from typedlayers.rules.contracts.sequences import lost_sequence, without_sequence
from typedlayers.spec import leaves

_DTYPE_CODES: Final = {
    DtypeFault.DOUBLE: "TL301",
    DtypeFault.TEXT: "TL302",
    DtypeFault.COMPLEX: "TL303",
    DtypeFault.INTEGERS_FAIL: "TL304",
    DtypeFault.INTEGERS_FAIL_ON_GPU: "TL304",
    DtypeFault.INTEGERS_WRAP: "TL305",
    DtypeFault.INTEGERS_TRUNCATED: "TL306",
    DtypeFault.NOT_LISTED: "TL307",
}

_CODES: Final = {
    Fault.RANK: "TL201",
    Fault.SIZE: "TL202",
    Fault.NAME: "TL203",
    Fault.STRUCTURE: "TL107",
    Fault.ANNOTATION: "TL104",
}


def explain(
    mismatch: Mismatch, rule: Rule | None, resolved: Resolved, subject: Subject, plan: Sequence[Repair]
) -> Diagnostic:
    """Returns the diagnostic of a mismatch.

    Args:
        mismatch: the fact.
        rule: the layer's rule that found it, if one did.
        resolved: the layer's contract.
        subject: the layer.
        plan: the repairs that make the contract hold, none if there are none.
    """
    if lost_sequence(mismatch) is not None:
        return without_sequence(mismatch, headline(mismatch, resolved, subject), subject)
    code = _code(mismatch, rule)
    is_error = CODES[code].severity is Severity.ERROR
    return Diagnostic(
        code,
        headline(mismatch, resolved, subject),
        where=subject.where,
        gets=_gets(mismatch),
        needs=_needs(mismatch),
        why=cause(mismatch, resolved, rule, subject),
        fixes=tuple(fixes(mismatch, rule, resolved, subject, plan)),
        certainty=Certainty.CERTAIN if is_error and _happens_here(mismatch, resolved) else Certainty.PERHAPS,
        repairs=tuple(plan),
    )


def explain_result(mismatch: Mismatch, resolved: Resolved, subject: Subject) -> Diagnostic:
    """Returns the diagnostic of a result that breaks the return annotation."""
    return explain(mismatch, None, resolved, subject, ()).with_(
        code="TL207",
        headline=headline(mismatch, resolved, subject, OF_RESULT),
        why=cause(mismatch, resolved, None, subject, OF_RESULT),
    )


def _code(mismatch: Mismatch, rule: Rule | None) -> str:
    if rule is not None:
        return rule.code
    if mismatch.dtype is not None:
        return _DTYPE_CODES[mismatch.dtype]
    return _CODES[mismatch.fault]


def _happens_here(mismatch: Mismatch, resolved: Resolved) -> bool:
    """Returns False for what fails only on a GPU where none is visible."""
    return mismatch.dtype is not DtypeFault.INTEGERS_FAIL_ON_GPU or resolved.policy.gpu


def _gets(m: Mismatch) -> str:
    specs = [m.spec] if m.spec is not None else [spec for _, spec in leaves(m.nest)]
    return ", ".join(map(with_origin, specs))


def _needs(m: Mismatch) -> str:
    """Returns the pattern; "" for one that fits everything, where the headline says all there is to say."""
    return "" if m.pattern is None or str(m.pattern) == 'Shaped "..."' else str(m.pattern)
