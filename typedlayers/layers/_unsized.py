"""Weights that cannot be created: Keras needs the size of an axis that is unknown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.history import call_of
from typedlayers.bridge.tensors import spec_of
from typedlayers.contracts.contract import Resolved, Values, dim_at
from typedlayers.contracts.parse import Pattern
from typedlayers.diagnostics.edit import Replace
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.diagnostics.subject import Subject, with_origin
from typedlayers.spec import Spec

NEEDED: Final = ("features", "channels")
"""The axes whose size is also a size of the weights."""


def unsized(layer: Any, resolved: Resolved, arguments: Mapping[str, Any], subject: Subject) -> Diagnostic | None:
    """Returns TL212 for a layer without weights yet that is called on an axis of unknown size, else None.

    Only Keras tensors count: their shape is all that Keras will ever know there.
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
    for axis in range(1, rank):
        name = dim_at(pattern, axis, rank)
        if spec.shape and spec.shape[axis] is None and name in NEEDED:
            return _diagnostic(given, spec, axis, name, subject)
    return None


def _diagnostic(given: Any, spec: Spec, axis: int, name: str, subject: Subject) -> Diagnostic:
    origin = "" if spec.origin is None else spec.origin.label
    return Diagnostic(
        "TL212",
        f"{subject.label} needs a known number of {name} but gets {spec} from {origin or 'its input'}",
        where=subject.where,
        gets=with_origin(spec),
        needs=f"a known size of axis {axis}",
        why=f"its weights have one row for each of the {name}, and are created when the layer is called",
        fixes=tuple(_fixes(given, spec, origin)),
    )


def _fixes(given: Any, spec: Spec, origin: str) -> Iterator[Fix]:
    operation, inputs = call_of(given)
    shape = tuple(inputs[0].shape) if len(inputs) == 1 else ()
    if isinstance(operation, keras.layers.Flatten) and len(shape) in (3, 4, 5):
        pool = Replace(origin, f"layers.GlobalAveragePooling{len(shape) - 2}D()")
        text = f"{pool.code} in the place of {origin}: one number for each channel, whatever the size"
        yield Fix(text, edits=(pool,))
    fixed = spec.shape[0] if spec.shape else None
    if fixed is not None and shape and shape[0] is None and None not in shape[1:]:
        # a reshape such as (8, -1): the sizes of one sample are known, only the batch was written down
        yield Fix(f"{origin} fixes the batch at {fixed}: perhaps reshape(x, (-1, {math.prod(shape[1:])}))")
        return
    yield Fix("fixed sizes in keras.Input(...), if all samples have them")
