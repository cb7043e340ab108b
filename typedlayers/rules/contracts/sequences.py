"""A layer over time gets a tensor without a time axis: the cause and the fixes."""

from __future__ import annotations

from typing import Final

from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.diagnostics.subject import Subject, with_origin
from typedlayers.spec import Carrier, Shape

_TIME: Final = frozenset({"time", "steps", "query_time", "value_time"})
"""The names of time axes in the catalogue."""


def lost_sequence(mismatch: Mismatch) -> str | None:
    """Returns the recurrent layer that returns its last step only, where a whole sequence is needed."""
    if not lacks_time(mismatch) or mismatch.spec is None or mismatch.spec.origin is None:
        return None
    return mismatch.spec.origin.last_step_of


def lacks_time(mismatch: Mismatch) -> bool:
    """Returns True if exactly one axis is missing and the pattern has a time axis."""
    pattern = mismatch.pattern
    if mismatch.fault is not Fault.RANK or not isinstance(pattern, Pattern) or mismatch.got is None:
        return False
    needed = pattern.least_rank
    if mismatch.detail and mismatch.needed is not None:  # the layer's input_spec asks for another number of axes
        needed = mismatch.needed
    return mismatch.got == needed - 1 and not _TIME.isdisjoint(map(str, pattern.dims))


def without_sequence(mismatch: Mismatch, headline: str, subject: Subject) -> Diagnostic:
    """Returns the diagnostic for the last step of a recurrent layer where its sequence is needed."""
    layer = lost_sequence(mismatch) or ""
    name = layer.partition(" ")[2]
    fixes = [_sequences_of(layer)]
    if subject.kind == "TimeDistributed":
        fixes.append(Fix(f"the layer inside {subject.short} by itself, if there is one answer for each sequence"))
    return Diagnostic(
        "TL701",
        f"{headline}: {layer} returns its last step only",
        where=subject.where,
        gets=with_origin(mismatch.spec) if mismatch.spec is not None else "",
        needs=str(mismatch.pattern),
        why=f"return_sequences of {name} is False, so its output has no time axis",
        fixes=tuple(fixes),
    )


def _sequences_of(layer: str) -> Fix:
    if layer.startswith("Bidirectional "):  # the argument belongs to the layer inside, which no edit can name
        return Fix(f"return_sequences=True in the layer inside {layer}")
    return Fix.of(Argument(layer, "return_sequences", "True"))


def fixes_without_time(mismatch: Mismatch, subject: Subject) -> list[Fix]:
    """Returns the ways to read the axes of a spec where a time axis is needed."""
    spec, pattern = mismatch.spec, mismatch.pattern
    if spec is None or spec.shape is None or pattern is None or not spec.shape:
        return []
    if len(spec.shape) > 2:
        sizes = ", ".join("None" if size is None else str(size) for size in spec.shape[1:])
        return [Fix(f"perhaps the time axis is missing: (timesteps, {sizes}) after the batch")]
    if len(spec.shape) != 2 or pattern.least_rank != 3:
        return []
    if subject.kind == "TimeDistributed":
        return [Fix(f"the layer inside {subject.short} by itself: there is no time axis to distribute over")]
    if spec.carrier is Carrier.INPUT:
        return _of_input(spec.shape)
    return _of_tensor(spec.shape, subject)


def _of_input(shape: Shape) -> list[Fix]:
    size = shape[1]
    many = "features" if size is None else f"{size} features"
    return [
        Fix(f"keras.Input(({size}, 1)), and x[..., np.newaxis] for the data, if axis 1 is the time axis"),
        Fix(f"keras.Input((timesteps, {size})), if each of many steps has {many}"),
    ]


def _of_tensor(shape: Shape, subject: Subject) -> list[Fix]:
    size = -1 if shape[1] is None else shape[1]
    as_steps = Insert(f"layers.Reshape(({size}, 1))", subject.short)
    return [
        Fix("perhaps the input lacks its time axis: keras.Input((timesteps, features)); Dense keeps it"),
        Fix.of(as_steps, condition="if axis 1 is the time axis"),
    ]
