"""What is said where a layer over time gets something without a time axis."""

from __future__ import annotations

from typing import Final

from typedlayers.contracts.parse import Pattern
from typedlayers.contracts.unify import Fault, Mismatch
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import Carrier

_TIME: Final = frozenset({"time", "steps", "query_time", "value_time"})


def lost_sequence(mismatch: Mismatch) -> str | None:
    """Returns the recurrent layer that gave its last step only, where a layer needs the whole sequence."""
    if not lacks_time(mismatch) or mismatch.spec is None or mismatch.spec.origin is None:
        return None
    return mismatch.spec.origin.last_step_of


def lacks_time(mismatch: Mismatch) -> bool:
    """Whether one axis is missing where a pattern asks for a time axis."""
    pattern = mismatch.pattern
    if mismatch.fault is not Fault.RANK or not isinstance(pattern, Pattern) or mismatch.got is None:
        return False
    needed = mismatch.needed if mismatch.detail and mismatch.needed is not None else pattern.least_rank
    return mismatch.got == needed - 1 and not _TIME.isdisjoint(map(str, pattern.dims))


def without_sequence(mismatch: Mismatch, headline: str, subject: Subject) -> Diagnostic:
    """Returns the diagnostic for the last step of a recurrent layer where its sequence is needed."""
    layer = lost_sequence(mismatch)
    kind, _, name = (layer or "").partition(" ")
    holder = f"the layer inside {layer}" if kind == "Bidirectional" else layer
    sequences = Fix(f"return_sequences=True in {holder}")
    if layer is not None and kind != "Bidirectional":
        sequences = Fix.of(Argument(layer, "return_sequences", "True"))
    fixes = [sequences]
    if subject.label.startswith("TimeDistributed"):
        fixes.append(Fix(f"the layer inside {subject.short} by itself, if there is one answer for each sequence"))
    return Diagnostic(
        "TL701",
        f"{headline}: {layer} gives its last step only",
        where=subject.where,
        gets=f"{mismatch.spec} from {mismatch.spec.origin}" if mismatch.spec is not None else "",
        needs=str(mismatch.pattern),
        why=f"return_sequences of {name} is False, so that no time axis comes out of it",
        fixes=tuple(fixes),
    )


def fixes_without_time(mismatch: Mismatch, subject: Subject) -> list[Fix]:
    """Returns the ways in which the axes that came can be meant, where a time axis is needed."""
    spec, pattern = mismatch.spec, mismatch.pattern
    if spec is None or spec.shape is None or pattern is None or not spec.shape:
        return []
    if len(spec.shape) > 2:
        sizes = ", ".join("None" if size is None else str(size) for size in spec.shape[1:])
        return [Fix(f"perhaps the time axis is missing: (timesteps, {sizes}) behind the batch")]
    if len(spec.shape) != 2 or pattern.least_rank != 3:
        return []
    size = spec.shape[1]
    if subject.label.startswith("TimeDistributed"):
        return [Fix(f"the layer inside {subject.short} by itself: there is no time axis to distribute over")]
    many = "features" if size is None else f"{size} features"
    if spec.carrier is Carrier.INPUT:
        as_steps = f"keras.Input(({size}, 1)), and x[..., np.newaxis] for the data, if axis 1 is the time axis"
        return [Fix(as_steps), Fix(f"keras.Input((timesteps, {size})), if each of many steps has {many}")]
    as_steps = Insert(f"layers.Reshape(({-1 if size is None else size}, 1))", subject.short)
    return [
        Fix("perhaps the input lacks its time axis: keras.Input((timesteps, features)); Dense keeps it"),
        Fix.of(as_steps, condition="if axis 1 is the time axis"),
    ]
