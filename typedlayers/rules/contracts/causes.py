"""The cause of a mismatch: where the needed size came from, or what Keras would do."""

from __future__ import annotations

from typing import Final

from typedlayers.contracts.contract import Resolved, Rule
from typedlayers.contracts.dims import Variadic
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.subject import Subject
from typedlayers.rules.contracts.headlines import OF_ARGUMENT, Verbs, count, dimension_of, number
from typedlayers.spec import shape_text

_DTYPES: Final = {
    DtypeFault.DOUBLE: "Keras silently casts to {compute}; precision drops from 53 to 24 bits",
    DtypeFault.TEXT: "strings have to be looked up (StringLookup, TextVectorization) or parsed before they are numbers",
    DtypeFault.COMPLEX: "in fit and predict Keras casts to {compute} and discards the imaginary part",
    DtypeFault.INTEGERS_FAIL: "Keras autocasts floating inputs only; the layer is built, and fails in the first batch",
    DtypeFault.INTEGERS_FAIL_ON_GPU: "a CPU casts them; on a GPU Keras calls cuDNN, which takes floats only",
    DtypeFault.INTEGERS_WRAP: "Keras does not widen integers: 200 + 100 is 44 in uint8",
    DtypeFault.INTEGERS_TRUNCATED: "Keras autocasts floats only; means and roots of integers lose their fractions",
    DtypeFault.NOT_LISTED: "the annotation lists other dtypes",
}


def cause(m: Mismatch, resolved: Resolved, rule: Rule | None, subject: Subject, verbs: Verbs = OF_ARGUMENT) -> str:
    """Returns why a spec does not fit, as a clause; "" where the headline says it all."""
    if m.dtype is not None:
        return _DTYPES[m.dtype].format(compute=resolved.policy.compute)
    if m.fault is Fault.RANK:
        return _of_rank(m, subject, verbs)
    name = dimension_of(m)
    if m.bound is not None and name:
        return f"{name} = {m.bound.size}, bound by {m.bound.source}"
    if m.bound is not None:
        return f"{m.bound.size} is fixed by {m.bound.source}"
    if "{" in name and m.needed is not None:
        return f"{name} is {number(m.needed)}"
    if rule is not None:
        return rule.why
    return m.detail if m.fault in (Fault.SIZE, Fault.NAME) else ""


def _of_rank(m: Mismatch, subject: Subject, verbs: Verbs) -> str:
    if m.pattern is None or m.spec is None or m.spec.shape is None or m.detail:
        return m.detail
    shape, rank = m.spec.shape, len(m.spec.shape)
    if rank == 0:
        return "a single number has no axes"
    dims = ["..." if isinstance(dim, Variadic) else str(dim) for dim in m.pattern.dims]
    wanted = f"({', '.join(dims)})" if len(dims) != 1 else f"({dims[0]},)"
    return f"{shape_text(shape)} has {count(rank, 'axis', 'axes')}; {subject.label} {verbs.reads} {wanted}"
