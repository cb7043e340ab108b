"""The headline of a mismatch: one sentence, needed and given side by side, in the user's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from typedlayers.contracts.contract import Resolved, dim_at
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import leaves, place_of

RESULT: Final = "the result"
"""The argument name under which a layer's result is compared with its return annotation."""


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verbs of a message: a layer *needs*, *gets* and *reads*; a result is *promised* and *returned*."""

    needs: str = "needs"
    gets: str = "gets"
    reads: str = "reads"


OF_ARGUMENT: Final = Verbs()
OF_RESULT: Final = Verbs("promises", "returns", "promises")

_DTYPES: Final = {
    DtypeFault.DOUBLE: "computes in {compute} but {gets} a float64 tensor",
    DtypeFault.TEXT: "{needs} numbers but {gets} {dtype}",
    DtypeFault.COMPLEX: "{needs} real numbers but {gets} {dtype}",
    DtypeFault.INTEGERS_FAIL: "fails on integers when it runs, but {gets} {dtype}",
    DtypeFault.INTEGERS_FAIL_ON_GPU: "fails on integers on a GPU, but {gets} {dtype}",
    DtypeFault.INTEGERS_WRAP: "overflows on 8-bit integers, but {gets} {dtype}",
    DtypeFault.INTEGERS_TRUNCATED: "computes in the dtype it gets, and {gets} {dtype}",
    DtypeFault.NOT_LISTED: "{needs} {listed} but {gets} {dtype}",
}


def headline(m: Mismatch, resolved: Resolved, subject: Subject, verbs: Verbs = OF_ARGUMENT) -> str:
    """Returns the sentence that stands alone when only one line is shown."""
    needs, gets = verbs.needs, verbs.gets
    who, argument = subject.label, _of_argument(m, resolved)
    match m.fault:
        case Fault.RANK:
            return f"{who} {needs} {_needed_rank(m)}{argument} but {gets} {m.got}"
        case Fault.SIZE | Fault.NAME if m.got is not None and m.needed is not None:
            dimension = dimension_of(m)
            named = f" ({dimension})" if dimension else ""
            return f"{who} {needs} {number(m.needed)} along axis {m.axis}{named}{argument} but {gets} {m.got}"
        case Fault.SIZE:
            return f"{who} cannot have {m.got} along axis {m.axis}{argument}, which is {m.name}"
        case Fault.NAME:
            return f"{who} {gets} two shapes for {m.name}{argument}: {m.detail}"
        case Fault.DTYPE:
            return f"{who} {_of_dtype(m, resolved, verbs)}{argument}"
        case Fault.STRUCTURE:
            return f"{who} {needs} {dimension_of(m)} for `{m.argument}`: {m.detail}"
        case Fault.RULE:
            return f"{who}: {with_names(m, m.detail)}"
        case Fault.ANNOTATION:
            return f"{who} has an annotation that names a missing attribute or argument: {m.detail}"


def _of_argument(m: Mismatch, resolved: Resolved) -> str:
    """Names the argument where a reader could mistake it for another one."""
    if m.argument == RESULT:
        return ""
    is_first = m.argument == resolved.first
    # `inputs` is Keras's name for the only tensor of its own layers: users never type it
    if is_first and m.argument == "inputs" and not resolved.own:
        return ""
    if is_first and len(resolved.arguments) == 1:
        return ""
    return f" for `{m.argument}`"


def _needed_rank(m: Mismatch) -> str:
    if m.detail and m.needed is not None and m.got is not None:  # a fact of the layer: its input_spec
        least = "at least" if m.got < m.needed else "at most"
        return f"{least} {count(m.needed, 'dimension')}"
    if m.pattern is not None and m.pattern.variadic is not None:
        return f"at least {count(m.pattern.least_rank, 'dimension')}"
    return count(m.needed, "dimension")


def _of_dtype(m: Mismatch, resolved: Resolved, verbs: Verbs) -> str:
    assert m.dtype is not None
    return _DTYPES[m.dtype].format(
        listed=m.pattern.dtype.label if m.pattern is not None else "",
        dtype=m.spec.dtype if m.spec is not None else "",
        compute=resolved.policy.compute,
        needs=verbs.needs,
        gets=verbs.gets,
    )


def dimension_of(m: Mismatch) -> str:
    """Returns the dimension as the contract spells it; "" where that is only its size."""
    text = m.name or ""
    if m.pattern is not None and m.axis is not None and m.spec is not None and m.spec.shape is not None:
        text = dim_at(m.pattern, m.axis, len(m.spec.shape)) or text
    return "" if text.lstrip("#-").isdigit() else text


def with_names(m: Mismatch, text: str) -> str:
    """Returns a clause about several tensors with each ``{0}`` replaced by the layer it came from.

    A tensor is called after its layer if no other tensor of the call comes from a layer of that name.
    """
    if m.spec is not None or m.nest is None:
        return text
    found = list(leaves(m.nest))
    labels = [spec.origin.label if spec.origin is not None else "" for _, spec in found]
    names = []
    for label, (path, _) in zip(labels, found, strict=True):
        is_unique = label and labels.count(label) == 1
        names.append(label if is_unique else f"`{place_of(m.argument, path)}`")
    return text.format(*names)


def number(value: float | None) -> str:
    """Returns a size as a user writes it: whole, however large."""
    return str(int(value)) if value is not None and value == int(value) else str(value)


def count(value: object, one: str, many: str | None = None) -> str:
    """Returns a number with its noun: ``1 axis``, ``2 axes``."""
    if value == 1:
        return f"{value} {one}"
    return f"{value} {many or one + 's'}"
