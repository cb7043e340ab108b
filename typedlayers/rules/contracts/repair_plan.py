"""Mismatch → the repair that mends it without guessing, or None.

A repair is only ever *planned* if the contract then holds: the spec it would give is fitted to the contract again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typedlayers.contracts.contract import Checked, Resolved, Rule, check
from typedlayers.contracts.dims import Variadic
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Bindings, Fault, Mismatch
from typedlayers.diagnostics.model import Repair
from typedlayers.spec import Carrier, Kind, Size, Spec, SpecTree, bits_of, kind_of, spec_at, with_place

CHANNEL_COUNTS = frozenset({1, 3, 4})
"""Sizes of a last axis that make it a channel axis: grey, RGB, RGBA."""

MOST_REPAIRS = 3
"""A tensor that needs more repairs than this is not understood."""


def plan(
    resolved: Resolved, specs: Mapping[str, SpecTree], argument: str, *, bindings: Bindings | None = None
) -> tuple[Repair, ...] | None:
    """Returns the repairs of one tensor that make the whole call fit, in order; None if there are none.

    Args:
        resolved: the layer's contract.
        specs: the call's arguments.
        argument: the argument to repair, or a place in it: ``inputs[0]``.
        bindings: names that are bound already.
    """
    repairs: list[Repair] = []
    spec, now = spec_at(specs, argument), dict(specs)
    while len(repairs) < MOST_REPAIRS:
        found = check(resolved, now, bindings=bindings)
        mismatch, rule = next(((m, r) for m, r in found.mismatches if m.argument == argument), (None, None))
        if mismatch is None:
            return tuple(repairs) if repairs else None
        if spec is None:
            return None
        mending = [
            repair
            for repair in _candidates(mismatch, rule, resolved)
            if _better(check(resolved, with_place(now, argument, after(repair, spec)), bindings=bindings), mismatch)
        ]
        if sum(repair.kind == "squeeze" for repair in mending) > 1:  # which axis of size 1 is to go, is a guess
            mending = [repair for repair in mending if repair.kind != "squeeze"]
        if not mending:
            return None
        repairs.append(mending[0])
        spec = after(mending[0], spec)
        now = with_place(now, argument, spec)
    return None


def _better(checked: Checked, before: Mismatch) -> bool:
    """Whether a repair mended its mismatch: the argument fits, or fails for another reason."""
    now = [m for m, _ in checked.mismatches if m.argument == before.argument]
    return not now or (before.fault is Fault.DTYPE and now[0].fault is not Fault.DTYPE)


def _candidates(mismatch: Mismatch, rule: Rule | None, resolved: Resolved) -> Iterator[Repair]:
    spec, pattern = mismatch.spec, mismatch.pattern
    if spec is None:
        return
    if rule is not None and rule.mend is not None:
        yield rule.mend
    if mismatch.fault is Fault.DTYPE:
        dtype = cast_to(mismatch, resolved)
        if dtype is not None:
            yield Repair("cast", dtype=dtype)
        return
    if mismatch.fault is not Fault.RANK or pattern is None or spec.shape is None:
        return
    rank, needed = len(spec.shape), len(pattern.dims)
    if pattern.variadic is not None or not pattern.dims or isinstance(pattern.dims[0], Variadic):
        return
    if rank == needed + 1:
        yield from (Repair("squeeze", axis=axis) for axis in range(1, rank) if spec.shape[axis] == 1)
    if needed == 2 and rank > 2:
        yield Repair("flatten")
    axis = _channel_axis(pattern)
    if axis is not None and rank == needed - 1 and rank >= 2 and not _could_be_one_sample(spec):
        yield Repair("expand_dims", axis=axis)


def _channel_axis(pattern: Pattern) -> int | None:
    """The axis of the channels: the only one that data may lack without anything being guessed."""
    names = [str(dim) for dim in pattern.dims]
    if names.count("channels") != 1 or {"time", "width"} <= {*names}:  # what a video lacks may be the time as well
        return None
    at = names.index("channels")
    return -1 if at == len(names) - 1 else at


def _could_be_one_sample(spec: Spec) -> bool:
    """Whether the missing axis may be the batch: nothing else tells a lone image from a batch of grey ones."""
    assert spec.shape is not None
    if spec.carrier is Carrier.SYMBOLIC:
        return True
    batch_is_first = spec.shape[0] is None and spec.carrier in (Carrier.INPUT, Carrier.DATASET)
    return not batch_is_first and spec.shape[-1] in CHANNEL_COUNTS


def cast_to(mismatch: Mismatch, resolved: Resolved) -> str | None:
    """Returns the dtype that a cast would give without guessing and without losing whole values, or None."""
    spec, pattern = mismatch.spec, mismatch.pattern
    assert spec is not None
    if mismatch.dtype in (DtypeFault.TEXT, DtypeFault.COMPLEX):
        return None
    if mismatch.dtype is not DtypeFault.NOT_LISTED:
        return resolved.policy.compute
    wanted = _castable(pattern, resolved.policy.compute)
    if wanted is None or spec.kind in (Kind.STRING, Kind.COMPLEX, Kind.OTHER, None):
        return None
    return None if kind_of(wanted) is Kind.INTEGER and not _holds(wanted, spec) else wanted


def _holds(wanted: str, spec: Spec) -> bool:
    """Whether every value of a spec's dtype is one of an integer dtype too."""
    if spec.kind is Kind.BOOL:
        return True
    came = spec.dtype or ""
    from_unsigned, to_unsigned = came.startswith("u"), wanted.startswith("u")
    bits, room = bits_of(came), bits_of(wanted)
    if spec.kind is not Kind.INTEGER or bits is None or room is None or (to_unsigned and not from_unsigned):
        return False
    return room >= bits if from_unsigned == to_unsigned else room > bits


def _castable(pattern: Pattern | None, compute: str | None) -> str | None:
    if pattern is None:
        return None
    names = pattern.dtype.names
    return compute if names is not None and compute in names else pattern.dtype.single()


def after(repair: Repair, spec: Spec) -> Spec:
    """Returns the spec that a repair gives."""
    shape = spec.shape
    match repair.kind:
        case "cast" | "rescale":
            return spec.with_(dtype=repair.dtype, carrier=_not_by_hand(spec.carrier))
        case "flatten" if shape is not None:
            return spec.with_(shape=(shape[0], _product(shape[1:])))
        case "expand_dims" if shape is not None:
            axis = len(shape) if repair.axis == -1 else repair.axis or 0
            return spec.with_(shape=(*shape[:axis], 1, *shape[axis:]))
        case "squeeze" if shape is not None:
            axis = (repair.axis or 0) % len(shape)
            return spec.with_(shape=(*shape[:axis], *shape[axis + 1 :]))
    return spec


def _not_by_hand(carrier: Carrier) -> Carrier:
    """A repaired tensor's dtype was not chosen by the user."""
    return Carrier.ARRAY if carrier is Carrier.TENSOR else carrier


def _product(sizes: tuple[Size, ...]) -> Size:
    total = 1
    for size in sizes:
        if size is None:
            return None
        total *= size
    return total
