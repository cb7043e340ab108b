"""What ``fit``, ``evaluate`` and ``predict`` are given → the specs of one batch. Nothing is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from typedlayers.bridge.tensors import is_tensor, spec_of
from typedlayers.spec import Carrier, Range, Spec


@dataclass(frozen=True, slots=True)
class Batch:
    """What is known of a batch of data.

    Attributes:
        x: the input's spec, its batch axis first; None if it is no single tensor or cannot be known.
        y: the target's spec, None if there is none or it cannot be known.
        what: the data in the user's names.
        values: the array or tensor itself, if its values can be looked at without drawing anything.
    """

    x: Spec | None
    y: Spec | None
    what: str
    values: Any = None


def batch_of(x: Any, y: Any = None) -> Batch:
    """Returns what is known of the batches that a data source gives."""
    element = element_spec_of(x)
    if element is not None:
        first, second = (*element, None, None)[:2] if isinstance(element, tuple) else (element, None)
        return Batch(_single(first, Carrier.DATASET), _single(second, Carrier.DATASET), "the dataset")
    if isinstance(x, list | tuple) and len(x) == 1 and is_tensor(x[0]):
        x = x[0]
    spec = _single(x, None)
    if spec is None or isinstance(x, keras.KerasTensor):
        return Batch(None, None, "x")
    return Batch(spec, _single(y, None), "x", x if _has_values(x) else None)


def signature_of(value: Any) -> Any:
    """What a check of a tensor or array depends on, its values apart; None for everything else.

    A spec says the same, but takes ten times as long to make.
    """
    if value is None:
        return ()
    if type(value) is np.ndarray:
        return value.dtype, value.shape[1:], value.ndim
    try:
        shape = value._shape_tuple()  # an EagerTensor's quickest attributes; symbolic tensors lack them
        return value._datatype_enum(), shape[1:], len(shape)
    except AttributeError:
        return None


def _single(value: Any, carrier: Carrier | None) -> Spec | None:
    value = _per_replica(value)
    return spec_of(value, carrier=carrier) if value is not None and is_tensor(value) else None


def _per_replica(spec: Any) -> Any:
    """The spec of one replica's batch: a distributed ``element_spec`` is ``PerReplicaSpec(TensorSpec, ...)``."""
    parts = getattr(spec, "_component_specs", None)
    return parts[0] if type(spec).__name__ == "PerReplicaSpec" and parts else spec


def element_spec_of(source: Any) -> Any:
    """Returns the ``element_spec`` of a ``tf.data.Dataset`` or a distributed one, None of anything else."""
    if isinstance(source, np.ndarray) or is_tensor(source):
        return None
    module = type(source).__module__
    return getattr(source, "element_spec", None) if module.startswith("tensorflow") else None


def _has_values(x: Any) -> bool:
    return isinstance(x, np.ndarray) or hasattr(x, "numpy")


SLICE = 256
"""Samples of an input array that are looked at."""


def range_of(values: Any) -> Range | None:
    """Returns the least and greatest value of the first samples of an array; None if they are not finite numbers."""
    part = values[:SLICE]
    array = np.asarray(part.numpy() if hasattr(part, "numpy") else part)
    if array.size == 0 or array.dtype.kind not in "uif":
        return None
    low, high = float(array.min()), float(array.max())
    return Range(low, high) if np.isfinite(low) and np.isfinite(high) else None
