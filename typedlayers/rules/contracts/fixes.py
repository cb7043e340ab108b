"""The fixes of a mismatch, as edits in the user's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from typedlayers.contracts.contract import Proposal, Resolved, Rule, shapes_of
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.edit import Argument, Data, Edit, Gather, Insert, Replace
from typedlayers.diagnostics.model import Fix, Repair
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.diagnostics.subject import Subject
from typedlayers.rules.contracts.headlines import with_names
from typedlayers.rules.contracts.sequences import fixes_without_time, lacks_time
from typedlayers.spec import Spec, leaves


def fixes(
    mismatch: Mismatch, rule: Rule | None, resolved: Resolved, subject: Subject, plan: Sequence[Repair]
) -> list[Fix]:
    """Returns the fixes of a mismatch, the likeliest first.

    Args:
        mismatch: the fact.
        rule: the layer's rule that found it, if one did.
        resolved: the layer's contract.
        subject: the layer.
        plan: the repairs that make the contract hold.
    """
    if rule is not None:
        return _of_rule(mismatch, rule, resolved, subject)
    if mismatch.spec is None:
        return _without_states(mismatch)
    if mismatch.fault is Fault.STRUCTURE and subject.kind in MERGES:
        return [Fix.of(Gather(subject.label))]
    if plan:
        return [*_of_repair(plan[0], mismatch.spec, subject), *_without_cudnn(mismatch, subject)]
    if lacks_time(mismatch) and not resolved.own:
        return fixes_without_time(mismatch, subject)
    return _of_dtype(mismatch, subject)


def _without_states(m: Mismatch) -> list[Fix]:
    """One layer gave all tensors where one is needed: a recurrent layer gives its states behind its output."""
    specs = [spec for _, spec in leaves(m.nest)]
    labels = {"" if spec.origin is None else spec.origin.label for spec in specs}
    if m.fault is not Fault.STRUCTURE or len(specs) < 2 or len(labels) != 1:
        return []
    (label,) = labels
    if not label.startswith(_WITH_STATES):
        return []
    return [Fix.of(Argument(label, "return_state", "False"), condition="for the output alone")]


MERGES: Final = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
"""Layers that take one list of tensors."""

_WITH_STATES: Final = ("LSTM ", "GRU ", "SimpleRNN ", "RNN ", "Bidirectional ", "ConvLSTM")


def _of_dtype(m: Mismatch, subject: Subject) -> list[Fix]:
    match m.dtype:
        case DtypeFault.TEXT if subject.kind == "Embedding":  # an Embedding reads token ids, so the text is tokenised
            return [Fix(f"layers.TextVectorization(...) before {subject.short}")]
        case DtypeFault.TEXT:
            lookup = "layers.StringLookup(output_mode='one_hot')"
            return [Fix(f"{lookup} before {subject.short}, or encode the column as numbers")]
        case DtypeFault.COMPLEX:
            parts = "ops.concatenate([ops.real(x), ops.imag(x)], axis=-1)"
            return [Fix(f"feed real and imaginary parts as features: {parts}")]
        case DtypeFault.NOT_LISTED if m.pattern is not None:
            wanted = m.pattern.dtype.single()
            return [Fix.of(Insert(f'ops.cast(x, "{wanted}")', subject.short))] if wanted else []
    return []


def _without_cudnn(m: Mismatch, subject: Subject) -> list[Fix]:
    if m.dtype is not DtypeFault.INTEGERS_FAIL_ON_GPU or subject.kind not in ("LSTM", "GRU"):
        return []
    return [Fix.of(Argument(subject.short, "use_cudnn", "False"), condition="to compute without cuDNN, more slowly")]


# ------------------------------------------------------------------------------------------ fixes of a layer's rule


def _of_rule(m: Mismatch, rule: Rule, resolved: Resolved, subject: Subject) -> list[Fix]:
    offers: list[Proposal] = []
    if rule.propose is not None:
        offers += rule.propose(resolved.layer, shapes_of(m.nest))
    offers += rule.fixes
    return [_in_names(m, subject, offer) for offer in offers]


def _in_names(m: Mismatch, subject: Subject, offer: Proposal) -> Fix:
    """Returns a rule's fix in the user's names; its edits only if every layer in them has one."""
    fix = _as_fix(offer)
    edits = [_of_layer(m, subject, edit) for edit in fix.edits]
    named = [edit for edit in edits if edit is not None]
    is_whole = len(named) == len(edits)
    return replace(fix, text=with_names(m, fix.text), edits=tuple(named) if is_whole else ())


def _as_fix(offer: Proposal) -> Fix:
    if isinstance(offer, Fix):
        return offer
    return Fix(offer) if isinstance(offer, str) else Fix.of(offer)


def _of_layer(m: Mismatch, subject: Subject, edit: Edit) -> Edit | None:
    if not isinstance(edit, Argument | Insert | Replace):
        return edit
    layer = with_names(m, edit.layer) if edit.layer else subject.label
    # without quotes it is a place in a nest (`inputs[0]`): the code has no layer of that name to edit
    return replace(edit, layer=layer) if '"' in layer else None


# ------------------------------------------------------------------------------------- fixes that a repair amounts to


def _of_repair(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    fixes = _FIXES.get(repair.kind)
    return [] if fixes is None else fixes(repair, spec, subject)


def _flatten(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    found = [Fix.of(Insert("layers.Flatten()", subject.short), repair=repair)]
    # pooling keeps one number per channel: with a single channel nothing would be left to learn from
    if spec.shape is not None and len(spec.shape) in (3, 4, 5) and spec.shape[-1] != 1:
        pooling = f"layers.GlobalAveragePooling{len(spec.shape) - 2}D()"
        found.append(Fix.of(Insert(pooling, subject.short), condition="for one number per channel"))
    return found


def _expand_dims(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    index = "..., np.newaxis" if repair.axis == -1 else f"{':, ' * (repair.axis or 0)}np.newaxis"
    given, shape = Data("x", f"x[{index}]"), after(repair, spec).shape
    found = [Fix(f"{given.code} for the data, which lack the channel axis", repair, (given,))]
    if shape is not None and spec.origin is not None and spec.origin.label.startswith("Input "):
        declared = Argument(spec.origin.label, "shape", str(shape[1:]))
        text = f"keras.Input({shape[1:]}) and {given.code} for the data, which lack the channel axis"
        found = [Fix(text, repair, (declared, given))]
    if shape is not None and shape[1:].count(None) < 2:  # Reshape works one unknown size out, not two
        sizes = tuple(-1 if size is None else size for size in shape[1:])
        found.append(Fix.of(Insert(f"layers.Reshape({sizes})", subject.short), repair=repair))
    return found


def _cast(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    if spec.dtype != "float64":
        return [Fix.of(Insert(f'ops.cast(x, "{repair.dtype}")', subject.short), repair=repair)]
    # a float64 tensor comes from TensorFlow code of the user's, so the fix is TensorFlow's own cast
    cast = Insert(f'tf.cast(x, "{repair.dtype}")', subject.short)
    double = Argument(subject.short, "dtype", '"float64"')
    return [
        Fix.of(cast, condition=f'or dtype="{repair.dtype}" where x is made', repair=repair),
        Fix(f'dtype="float64" for {subject.short}, if it is to compute in double precision', edits=(double,)),
    ]


def _squeeze(repair: Repair, spec: Spec, subject: Subject) -> list[Fix]:
    return [Fix.of(Insert(f"ops.squeeze(x, axis={repair.axis})", subject.short), repair=repair)]


_FIXES: Final[Mapping[str, Callable[[Repair, Spec, Subject], list[Fix]]]] = MappingProxyType(
    {"flatten": _flatten, "expand_dims": _expand_dims, "squeeze": _squeeze, "cast": _cast}
)
"""The fixes that a repair amounts to."""
