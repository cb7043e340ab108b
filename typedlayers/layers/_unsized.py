"""Weights that cannot be made, because the size of an axis is not known where Keras needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.tensors import spec_of
from typedlayers.contracts.contract import Resolved, Values, dim_at
from typedlayers.contracts.parse import Pattern
from typedlayers.diagnostics.edit import Replace
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import Spec

NEEDED: Final = ("features", "channels")
"""The axes whose size is one of a weight's."""


def unsized(layer: Any, resolved: Resolved, arguments: Mapping[str, Any], subject: Subject) -> Diagnostic | None:
    """Returns TL212 for a layer that is called in a model before its weights are made, on an axis of unknown size.

    Only what Keras itself does not know counts: a Keras tensor's shape is all that it will ever know there.
    """
    given, contract = arguments.get(resolved.first), resolved.contract
    pattern = resolved.arguments.get(resolved.first)
    if layer.built or contract is None or contract.values is not Values.WEIGHTED or not isinstance(pattern, Pattern):
        return None
    if not isinstance(given, keras.KerasTensor):
        return None
    spec = spec_of(given)
    rank = spec.rank or 0
    if rank < pattern.least_rank:
        return None
    unknown = [axis for axis in range(1, rank) if spec.shape and spec.shape[axis] is None]
    axis = next((axis for axis in unknown if dim_at(pattern, axis, rank) in NEEDED), None)
    return None if axis is None else _diagnostic(spec, axis, str(dim_at(pattern, axis, rank)), subject)


def _diagnostic(spec: Spec, axis: int, name: str, subject: Subject) -> Diagnostic:
    origin = "" if spec.origin is None else spec.origin.label
    fixes = [Fix("fixed sizes in keras.Input(...), if all samples have them")]
    if origin.startswith("Flatten"):
        pool = Replace(origin, "layers.GlobalAveragePooling2D()")
        said = f"{pool.code} (or the one of your number of axes) in the place of {origin}"
        fixes.insert(0, Fix(f"{said}: one number for each channel, whatever the size", edits=(pool,)))
    return Diagnostic(
        "TL212",
        f"{subject.label} needs a known number of {name} but gets {spec} from {origin or 'its input'}",
        where=subject.where,
        gets=f"{spec} from {spec.origin}" if spec.origin is not None else str(spec),
        needs=f"a known size of axis {axis}",
        why=f"its weights have one row for each of the {name}, and they are made when the layer is called",
        fixes=tuple(fixes),
    )
