"""Tensors, arrays and datasets → specs. Nothing is computed, converted or drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import keras
import numpy as np

from typedlayers.bridge.history import call_of, last_step_of, steps_of
from typedlayers.spec import Carrier, Origin, Shape, Size, Spec, SpecTree

_NUMBERS: Final = (bool, int, float, complex)


def is_tensor(value: object) -> bool:
    """Whether a value has a dtype and a shape: a tensor, a variable, a Keras tensor, an array."""
    return hasattr(value, "dtype") and hasattr(value, "shape")


def spec_of(value: Any, *, carrier: Carrier | None = None, origin: Origin | None = None) -> Spec:
    """Returns the spec of one tensor-like value.

    Behind a Lambda the dtype is unknown: Keras announces its compute dtype, whatever the function gives. So it is
    behind an op on complex numbers: Keras announces complex ones for ``ops.real``, ``ops.abs`` and ``ops.angle`` too.

    Args:
        value: a backend tensor, variable, Keras tensor, array, ``tf.TensorSpec``, ragged or sparse tensor.
        carrier: what holds it, if the caller knows better.
        origin: where it came from.
    """
    return Spec(
        None if _is_announced_at_random(value) else dtype_of(value.dtype),
        shape_of(value.shape),
        carrier or carrier_of(value),
        origin=origin if origin is not None else origin_of(value),
    )


def dtype_of(dtype: Any) -> str | None:
    """Returns a dtype's name as Keras writes it; NumPy's name for one that Keras does not know."""
    if dtype is None:
        return None
    if isinstance(dtype, str):
        return dtype
    name = getattr(dtype, "name", None)
    if isinstance(name, str):
        return "string" if name.startswith(("str", "bytes")) else name
    try:
        return keras.backend.standardize_dtype(dtype)
    except ValueError:
        return str(dtype).rpartition(".")[2]  # torch.complex64, of which Keras knows no name


def shape_of(shape: Any) -> Shape | None:
    """Returns a shape with None for unknown sizes; None for an unknown rank."""
    if shape is None or getattr(shape, "rank", 0) is None:
        return None
    return tuple(_size(size) for size in shape)


def _size(size: Any) -> Size:
    if size is None:
        return None
    value = getattr(size, "value", size)
    return None if value is None else int(value)


def carrier_of(value: object) -> Carrier:
    """Returns what holds a value."""
    if isinstance(value, keras.KerasTensor):
        return Carrier.INPUT if isinstance(_maker(value), keras.layers.InputLayer) else Carrier.SYMBOLIC
    if keras.ops.is_tensor(value) or isinstance(value, keras.Variable):
        return Carrier.DATASET if _is_element(value) else Carrier.TENSOR
    if isinstance(value, np.ndarray | np.generic):
        return Carrier.ARRAY
    return Carrier.DATASET if type(value).__name__.endswith("Spec") else Carrier.ARRAY


def _is_element(value: Any) -> bool:
    """Whether a tensor is what a function in ``Dataset.map`` is traced with: its dtype is that of the arrays behind it.

    TensorFlow names the graph after the method. What such a function makes of it has a dtype that was chosen.
    """
    graph = getattr(value, "graph", None)  # of an eager tensor this is an AttributeError
    return getattr(graph, "name", "").startswith("Dataset_") and value.op.type == "Placeholder"


def origin_of(value: object) -> Origin | None:
    """Returns the layer that made a tensor, by its name."""
    operation, _ = call_of(value)
    if operation is None:
        return None
    kind = "Input" if isinstance(operation, keras.layers.InputLayer) else type(operation).__name__
    return Origin(f'{kind} "{operation.name}"', last_step_of=last_step_of(value), steps=steps_of(value))


def _maker(value: object) -> Any:
    """The layer or operation that gave a Keras tensor, None if unknown."""
    return getattr(getattr(value, "_keras_history", None), "operation", None)


def _is_announced_at_random(value: object) -> bool:
    """True if the dtype that Keras announces for a tensor need not be the one that it has."""
    maker = _maker(value)
    if isinstance(maker, keras.layers.Lambda):
        return True
    return maker is not None and str(getattr(value, "dtype", "")).startswith("complex") and _is_behind_an_op(value)


def _is_behind_an_op(value: object) -> bool:
    operation, came = call_of(value)
    if operation is None or isinstance(operation, keras.layers.InputLayer):
        return False
    return not isinstance(operation, keras.layers.Layer) or any(map(_is_behind_an_op, came))


def specs_of(value: Any, *, carrier: Carrier | None = None, origin: Origin | None = None) -> SpecTree:
    """Returns the specs of a nest of tensors, None where no tensor is (numbers and strings are no tensors)."""
    if is_tensor(value):
        return spec_of(value, carrier=carrier, origin=origin)
    if isinstance(value, Mapping):
        return {str(key): specs_of(item, carrier=carrier, origin=origin) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(specs_of(item, carrier=carrier, origin=origin) for item in value)
    return None


def as_given(value: Any, dtype: str) -> Any:
    """Returns a floating array as the tensor that Keras would hand to a layer's ``call``; everything else as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and dtype.startswith(("float", "bfloat")):
        return keras.ops.convert_to_tensor(value, dtype=dtype)
    return value


def keep_mask(old: Any, new: Any) -> Any:
    """Hands the mask that Keras keeps on a tensor on to another one, as Keras's own casts do; returns the new one."""
    mask = getattr(old, "_keras_mask", None)
    if mask is not None and new is not old:
        new._keras_mask = mask
    return new


def with_mask(came: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments of a call with the mask that Keras takes from its input, where none is given."""
    mask = getattr(came, "_keras_mask", None)
    return arguments if mask is None or arguments.get("mask") is not None else {**arguments, "mask": mask}


def holds_tensor(value: object) -> bool:
    """Whether a value is a tensor or a nest with a tensor in it."""
    if is_tensor(value):
        return True
    if isinstance(value, Mapping):
        return any(map(holds_tensor, value.values()))
    return isinstance(value, list | tuple) and any(map(holds_tensor, value))
