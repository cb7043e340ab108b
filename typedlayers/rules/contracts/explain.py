"""Mismatch → Diagnostic: the facts in the anatomy that every message has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from typedlayers.contracts.contract import Proposal, Resolved, Rule, dim_at, shapes_of
from typedlayers.contracts.dims import Variadic
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.edit import Argument, Data, Edit, Insert, Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Repair, Severity
from typedlayers.diagnostics.subject import Subject
from typedlayers.rules.contracts.repair_plan import after
from typedlayers.rules.contracts.sequences import fixes_without_time, lacks_time, lost_sequence, without_sequence
from typedlayers.spec import Spec, leaves, place_of, shape_text

_DTYPE_CODES: Final = {
    DtypeFault.DOUBLE: "TL301",
    DtypeFault.TEXT: "TL302",
    DtypeFault.COMPLEX: "TL303",
    DtypeFault.INTEGERS_FAIL: "TL304",
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
        subject: whom it is about.
        plan: the repairs that would mend it, none if there are none.
    """
    if rule is not None:
        code = rule.code
    else:
        code = _DTYPE_CODES[mismatch.dtype] if mismatch.dtype is not None else _CODES[mismatch.fault]
    if lost_sequence(mismatch) is not None:
        return without_sequence(mismatch, _headline(mismatch, resolved, subject), subject)
    headline, why = _headline(mismatch, resolved, subject), _why(mismatch, resolved, rule)
    decided = CODES[code].severity is Severity.ERROR
    return Diagnostic(
        code,
        headline,
        where=subject.where,
        gets=_gets(mismatch),
        needs=_needs(mismatch),
        why=why,
        fixes=tuple(_fixes(mismatch, rule, resolved, subject, plan)),
        certainty=Certainty.CERTAIN if decided else Certainty.PERHAPS,
        repairs=tuple(plan),
    )


def explain_result(mismatch: Mismatch, resolved: Resolved, subject: Subject) -> Diagnostic:
    """Returns the diagnostic of a result that is not what the return annotation promises."""
    told = explain(mismatch, None, resolved, subject, ())
    return told.with_(code="TL207", headline=_headline(mismatch, resolved, subject, Verbs("promises", "gives")))


@dataclass(frozen=True, slots=True)
class Verbs:
    """The verbs of a headline: what a layer *needs* and *gets*, or *promises* and *gives*."""

    needs: str = "needs"
    gets: str = "gets"


_ARGUMENT: Final = Verbs()


def _of_argument(mismatch: Mismatch, resolved: Resolved) -> str:
    unnamed = mismatch.argument == resolved.first == "inputs" and not resolved.own
    several = not unnamed and (len(resolved.arguments) > 1 or mismatch.argument != resolved.first)
    if mismatch.argument == RESULT:
        return ""
    return f" for `{mismatch.argument}`" if several else ""


RESULT: Final = "the result"
"""The name under which a layer's result is fitted to its return annotation."""


def _name(m: Mismatch) -> str:
    """The dimension as the contract spells it, if that says more than its size."""
    if m.pattern is not None and m.axis is not None and m.spec is not None and m.spec.shape is not None:
        text = dim_at(m.pattern, m.axis, len(m.spec.shape)) or m.name or ""
    else:
        text = m.name or ""
    return "" if text.lstrip("#-").isdigit() else text


def _number(value: float | None) -> str:
    """A size as a user writes it: whole, however large."""
    return str(int(value)) if value is not None and value == int(value) else str(value)


def _headline(m: Mismatch, resolved: Resolved, subject: Subject, verbs: Verbs = _ARGUMENT) -> str:
    needs, gets = verbs.needs, verbs.gets
    who, argument = subject.label, _of_argument(m, resolved)
    match m.fault:
        case Fault.RANK:
            least = "at least " if m.pattern is not None and m.pattern.variadic is not None else ""
            if m.detail and m.needed is not None and m.got is not None:
                least = "at least " if m.got < m.needed else "at most "
            needed = m.needed if not least or m.detail else (m.pattern.least_rank if m.pattern else m.needed)
            return f"{who} {needs} {least}{_count(needed, 'dimension')}{argument} but {gets} {m.got}"
        case Fault.SIZE | Fault.NAME if m.got is not None and m.needed is not None:
            name = f" ({_name(m)})" if _name(m) else ""
            return f"{who} {needs} {_number(m.needed)} along axis {m.axis}{name}{argument} but {gets} {m.got}"
        case Fault.SIZE:
            return f"{who} cannot have {m.got} along axis {m.axis}{argument}, which is {m.name}"
        case Fault.NAME:
            return f"{who} {gets} two shapes for {m.name}{argument}: {m.detail}"
        case Fault.DTYPE:
            assert m.dtype is not None
            listed = m.pattern.dtype.label if m.pattern is not None else ""
            came = m.spec.dtype if m.spec is not None else ""
            said = _DTYPE_HEADLINES[m.dtype].format(
                listed=listed, dtype=came, compute=resolved.policy.compute, needs=needs, gets=gets
            )
            return f"{who} {said}{argument}"
        case Fault.STRUCTURE:
            return f"{who} {needs} {_name(m)} for `{m.argument}`: {m.detail}"
        case Fault.RULE:
            return f"{who}: {_naming(m, m.detail)}"
        case Fault.ANNOTATION:
            return f"{who} has an annotation that names what is not there: {m.detail}"


_DTYPE_HEADLINES: Final = {
    DtypeFault.DOUBLE: "computes in {compute} but {gets} a float64 tensor",
    DtypeFault.TEXT: "{needs} numbers but {gets} {dtype}",
    DtypeFault.COMPLEX: "{needs} real numbers but {gets} {dtype}",
    DtypeFault.INTEGERS_FAIL: "fails on integers when it runs, but {gets} {dtype}",
    DtypeFault.INTEGERS_WRAP: "overflows on 8-bit integers, but {gets} {dtype}",
    DtypeFault.INTEGERS_TRUNCATED: "computes in the dtype it gets, and {gets} {dtype}",
    DtypeFault.NOT_LISTED: "{needs} {listed} but {gets} {dtype}",
}

_DTYPE_WHYS: Final = {
    DtypeFault.DOUBLE: "Keras casts the tensor to {compute} without a word: 53 bits of precision become 24",
    DtypeFault.TEXT: "strings have to be looked up (StringLookup, TextVectorization) or parsed before they are numbers",
    DtypeFault.COMPLEX: "in fit and predict Keras casts to {compute} and discards the imaginary part",
    DtypeFault.INTEGERS_FAIL: "Keras autocasts floating inputs only; the layer is built, and fails in the first batch",
    DtypeFault.INTEGERS_WRAP: "Keras does not widen integers: 200 + 100 is 44 in uint8",
    DtypeFault.INTEGERS_TRUNCATED: "Keras autocasts floats only; means and roots of integers lose their fractions",
    DtypeFault.NOT_LISTED: "the annotation lists the dtypes that fit, and this is none of them",
}


def _why(m: Mismatch, resolved: Resolved, rule: Rule | None) -> str:
    if m.dtype is not None:
        return _DTYPE_WHYS[m.dtype].format(compute=resolved.policy.compute)
    if m.fault is Fault.RANK:
        return _why_rank(m)
    name = _name(m)
    if m.bound is not None and name:
        return f"{name} = {m.bound.size}, bound by {m.bound.source}"
    if m.bound is not None:
        return f"{m.bound.size} is fixed by {m.bound.source}"
    if "{" in name and m.needed is not None:
        return f"{name} is {_number(m.needed)}"
    if rule is not None:
        return rule.why
    return m.detail if m.fault in (Fault.SIZE, Fault.NAME) else ""


def _why_rank(m: Mismatch) -> str:
    if m.pattern is None or m.spec is None or m.spec.shape is None:
        return m.detail
    dims = [str(d) for d in m.pattern.dims if not isinstance(d, Variadic)]
    rank = len(m.spec.shape)
    if rank == 0:
        return "a single number has no axes"
    if rank < len(dims):
        bound = dims[:rank]
        last = f"{', '.join(bound[:-1])} and {bound[-1]} are" if rank > 1 else f"{bound[0]} is"
        missing = dims[rank:]
        return f"{last} bound; no axis is left for {' and '.join(missing)}"
    if m.pattern.variadic is None:
        taken = f"{', '.join(dims[:-1])} and {dims[-1]} take" if len(dims) > 1 else f"{''.join(dims) or 'it'} takes"
        return f"{taken} {_count(len(dims), 'axis', 'axes')}; {shape_text(m.spec.shape)} has {rank - len(dims)} more"
    return m.detail


def _gets(m: Mismatch) -> str:
    came = [m.spec] if m.spec is not None else [spec for _, spec in leaves(m.nest)]
    return ", ".join(f"{spec} from {spec.origin}" if spec.origin is not None else str(spec) for spec in came)


def _needs(m: Mismatch) -> str:
    """The pattern, unless it takes everything: then the headline says all there is to say."""
    return "" if m.pattern is None or str(m.pattern) == 'Shaped "..."' else str(m.pattern)


def _naming(m: Mismatch, text: str) -> str:
    """A clause about several tensors, each called after the layer it came from if that tells them apart."""
    if m.spec is not None or m.nest is None:
        return text
    found = list(leaves(m.nest))
    labels = [spec.origin.label if spec.origin is not None else "" for _, spec in found]
    places = [place_of(m.argument, path) for path, _ in found]
    unique = (
        label if label and labels.count(label) == 1 else f"`{place}`"
        for label, place in zip(labels, places, strict=True)
    )
    return text.format(*unique)


def _proposed(m: Mismatch, subject: Subject, offer: Proposal) -> Fix:
    """A rule's fix in the user's names; its edits only if every layer in them has one."""
    fix = offer if isinstance(offer, Fix) else Fix(offer) if isinstance(offer, str) else Fix.of(offer)
    edits = tuple(_placed(m, subject, edit) for edit in fix.edits)
    named = tuple(edit for edit in edits if edit is not None)
    return replace(fix, text=_naming(m, fix.text), edits=named if len(named) == len(edits) else ())


def _placed(m: Mismatch, subject: Subject, edit: Edit) -> Edit | None:
    if not isinstance(edit, Argument | Insert | Replace):
        return edit
    layer = _naming(m, edit.layer) if edit.layer else subject.label
    return replace(edit, layer=layer) if '"' in layer else None


def _fixes(m: Mismatch, rule: Rule | None, resolved: Resolved, subject: Subject, plan: Sequence[Repair]) -> list[Fix]:
    spec = m.spec
    if rule is not None:
        shapes = shapes_of(m.nest)
        proposed = () if rule.propose is None or rule.about is not None else rule.propose(resolved.layer, shapes)
        return [_proposed(m, subject, offer) for offer in (*proposed, *rule.fixes)]
    if spec is None:
        return []
    if plan:
        return _fixes_of_plan(plan[0], spec, subject)
    if lacks_time(m) and not resolved.own:
        return fixes_without_time(m, subject)
    if m.dtype is DtypeFault.TEXT:
        lookup = "layers.StringLookup(output_mode='one_hot')"
        return [Fix(f"{lookup} before {subject.short}, or encode the column as numbers")]
    if m.dtype is DtypeFault.COMPLEX:
        return [Fix("feed real and imaginary parts as features: ops.concatenate([ops.real(x), ops.imag(x)], axis=-1)")]
    if m.dtype is DtypeFault.NOT_LISTED and m.pattern is not None:
        wanted = m.pattern.dtype.single()
        return [Fix.of(Insert(f'ops.cast(x, "{wanted}")', subject.short))] if wanted else []
    return []


def _fixes_of_plan(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    short = subject.short
    match repair.kind:
        case "flatten":
            fixes = [Fix.of(Insert("layers.Flatten()", short), repair=repair)]
            if spec.shape is not None and len(spec.shape) in (3, 4, 5) and spec.shape[-1] != 1:
                pooling = f"layers.GlobalAveragePooling{len(spec.shape) - 2}D()"
                fixes.append(Fix.of(Insert(pooling, short), condition="for one number per channel"))
            return fixes
        case "expand_dims":
            shape = after(repair, spec).shape
            index = "..., np.newaxis" if repair.axis == -1 else f"{':, ' * (repair.axis or 0)}np.newaxis"
            given = Data("x", f"x[{index}]")
            fixes = [Fix(f"{given.code} for the data, which lack the channel axis", repair, (given,))]
            if shape is not None and shape[1:].count(None) < 2:
                sizes = tuple(-1 if s is None else s for s in shape[1:])
                fixes.append(Fix.of(Insert(f"layers.Reshape({sizes})", short), repair=repair))
            return fixes
        case "squeeze":
            return [Fix.of(Insert(f"ops.squeeze(x, axis={repair.axis})", short), repair=repair)]
        case "cast":
            if spec.dtype == "float64":
                cast = Insert(f'tf.cast(x, "{repair.dtype}")', short)
                double = Argument(short, "dtype", '"float64"')
                return [
                    Fix.of(cast, condition=f'or dtype="{repair.dtype}" where x is made', repair=repair),
                    Fix(f'dtype="float64" for {short}, if it is to compute in double precision', edits=(double,)),
                ]
            return [Fix.of(Insert(f'ops.cast(x, "{repair.dtype}")', short), repair=repair)]
    return []


def _count(number: object, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
