"""Mismatch → the repair that fixes it without a guess, or None.

A repair is planned only if the contract then holds: the repaired spec is checked against the contract again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from typedlayers.contracts.contract import Checked, Resolved, Rule, check
from typedlayers.contracts.dtypes import DtypeFault
from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Bindings, Fault, Mismatch
from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.spec import Carrier, Kind, Spec, SpecTree, bits_of, kind_of, spec_at, with_place

CHANNEL_COUNTS = frozenset({1, 3, 4})
"""Sizes of a last axis that is taken for the channels: grey, RGB, RGBA."""

MOST_REPAIRS = 3
"""A tensor that needs more repairs than this is refused."""


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
        working: list[Repair] = []
        for repair in _candidates(mismatch, rule, resolved):
            tried = with_place(now, argument, after(repair, spec))
            if _fixes(check(resolved, tried, bindings=bindings), mismatch):
                working.append(repair)
        chosen = _unambiguous(working)
        if chosen is None:
            return None
        repairs.append(chosen)
        spec = after(chosen, spec)
        now = with_place(now, argument, spec)
    return None


def _fixes(checked: Checked, before: Mismatch) -> bool:
    """Returns True if the argument now fits, or its dtype does and something else is left."""
    now = [m for m, _ in checked.mismatches if m.argument == before.argument]
    return not now or (before.fault is Fault.DTYPE and now[0].fault is not Fault.DTYPE)


def _unambiguous(working: list[Repair]) -> Repair | None:
    squeezes = [repair for repair in working if repair.kind == "squeeze"]
    if len(squeezes) > 1:  # with two axes of size 1, the one to remove would be a guess
        working = [repair for repair in working if repair not in squeezes]
    return working[0] if working else None


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
    elif mismatch.fault is Fault.RANK and pattern is not None:
        yield from _of_rank(pattern, spec)


def _of_rank(pattern: Pattern, spec: Spec) -> Iterator[Repair]:
    if spec.shape is None or not pattern.dims or pattern.variadic is not None:
        return
    rank, needed = len(spec.shape), len(pattern.dims)
    if rank == needed + 1:
        yield from (Repair("squeeze", axis=axis) for axis in range(1, rank) if spec.shape[axis] == 1)
    if needed == 2 and rank > 2:
        yield Repair("flatten")
    axis = _channel_axis(pattern)
    if axis is not None and rank == needed - 1 and rank >= 2 and not _could_be_one_sample(spec):
        yield Repair("expand_dims", axis=axis)


def _channel_axis(pattern: Pattern) -> int | None:
    """Returns the axis of the channels: the only missing axis that is not a guess."""
    names = [str(dim) for dim in pattern.dims]
    if names.count("channels") != 1 or {"time", "width"} <= {*names}:  # of a video the time may be missing as well
        return None
    axis = names.index("channels")
    is_last = axis == len(names) - 1
    return -1 if is_last else axis


def _could_be_one_sample(spec: Spec) -> bool:
    """Returns True if the missing axis may be the batch: one image looks like a batch of grey ones."""
    assert spec.shape is not None
    if spec.carrier is Carrier.SYMBOLIC:
        return True
    batch_is_first = spec.shape[0] is None and spec.carrier in (Carrier.INPUT, Carrier.DATASET)
    return not batch_is_first and spec.shape[-1] in CHANNEL_COUNTS


def cast_to(mismatch: Mismatch, resolved: Resolved) -> str | None:
    """Returns the dtype of a cast that is no guess and keeps whole numbers exact, or None."""
    spec, pattern = mismatch.spec, mismatch.pattern
    assert spec is not None
    if mismatch.dtype in (DtypeFault.TEXT, DtypeFault.COMPLEX):
        return None
    if mismatch.dtype is not DtypeFault.NOT_LISTED:
        return resolved.policy.compute
    wanted = _castable(pattern, resolved.policy.compute)
    if wanted is None or spec.kind in (Kind.STRING, Kind.COMPLEX, Kind.OTHER, None):
        return None
    if kind_of(wanted) is Kind.INTEGER and not _holds(wanted, spec):
        return None
    return wanted


def _holds(wanted: str, spec: Spec) -> bool:
    """Returns True if an integer dtype holds every value of a spec's dtype."""
    if spec.kind is Kind.BOOL:
        return True
    given = spec.dtype or ""
    bits, room = bits_of(given), bits_of(wanted)
    if spec.kind is not Kind.INTEGER or bits is None or room is None:
        return False
    from_unsigned, to_unsigned = given.startswith("u"), wanted.startswith("u")
    if from_unsigned == to_unsigned:
        return room >= bits
    return from_unsigned and room > bits  # the sign takes one bit


def _castable(pattern: Pattern | None, compute: str | None) -> str | None:
    if pattern is None:
        return None
    names = pattern.dtype.names
    return compute if names is not None and compute in names else pattern.dtype.single()
