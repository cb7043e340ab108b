"""From one Keras operation to the facts of a node: whose code it is, what it computes, what it does with masks."""

from __future__ import annotations

import dis
import inspect
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras
import numpy as np

from typedlayers.facts.graph import Maker, MaskHandling

_TAKES: Final = tuple(
    getattr(keras.layers, name)
    for name in (
        "RNN",
        "Bidirectional",
        "Attention",
        "AdditiveAttention",
        "MultiHeadAttention",
        "GroupQueryAttention",
        "GlobalAveragePooling1D",
    )
    if hasattr(keras.layers, name)
)
_MIXES: Final = (keras.layers.Flatten, keras.layers.GlobalMaxPooling1D)
_MOVES: Final = (keras.layers.Permute, keras.layers.Reshape)
_ELEMENTWISE: Final = frozenset(
    {
        "Absolute", "Add", "AddV2", "Cast", "Divide", "Gelu", "Mul", "Multiply", "Neg", "Negative", "Power", "RealDiv",
        "Relu", "Sigmoid", "Silu", "Sqrt", "Square", "Sub", "Subtract", "Tanh", "TrueDivide", "Where",
    }
)  # fmt: skip
"""Ops of Keras and TensorFlow that compute each element by itself; in the results of others, steps may be anywhere."""


_JOINING: Final = frozenset({"Average", "Logsumexp", "Max", "Mean", "Min", "Prod", "Sum"})
"""Ops that join what lies along their axes."""

_JOINING_NAMES: Final = frozenset(
    {"amax", "amin", "logsumexp", "max", "mean", "min", "reduce_max", "reduce_mean", "reduce_min", "reduce_sum", "sum"}
)

_MODULES: Final = frozenset({"K", "backend", "k", "keras", "math", "ops", "tf"})

MOST_NUMBERS: Final = 4
"""Numbers of a constant that are kept: one for each channel of an image."""


def kind_of(operation: Any) -> str:
    """Returns the Keras class or op whose computation an operation does; empty for code of the user's.

    A class that overrides ``call`` or ``build`` need not compute what its base does.
    """
    for cls in type(operation).__mro__:
        if _is_keras(cls):
            return "" if cls in (keras.layers.Layer, keras.Model) else cls.__name__
        if "call" in vars(cls) or "build" in vars(cls):
            return ""
    return ""


def _is_keras(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == "keras"


def bases_of(operation: Any) -> frozenset[str]:
    """Returns the names of the Keras classes that an operation's class derives from, itself included."""
    return frozenset(cls.__name__ for cls in type(operation).__mro__ if _is_keras(cls))


def maker_of(operation: Any) -> Maker:
    """Returns whose code computes an operation."""
    if not isinstance(operation, keras.layers.Layer):
        return Maker.OP
    if isinstance(operation, keras.layers.Lambda):
        return Maker.FUNCTION
    owner = next(base for base in type(operation).__mro__ if "call" in vars(base))
    return Maker.KERAS if _is_keras(owner) else Maker.USER


def activation_of(operation: Any) -> str:
    """Returns the name of a layer's activation if it is Keras's own function; empty otherwise."""
    function = getattr(operation, "activation", None)
    name = getattr(function, "__name__", "")
    return name if function is not None and function is getattr(keras.activations, name, None) else ""


def constants_of(args: Sequence[Any]) -> dict[str, object]:
    """Returns the numbers that an op of two arguments computes with: one, or a few for the channels; None of tensors.

    >>> constants_of((keras.KerasTensor((None, 3)), 255.0))
    {'x1': None, 'x2': (255.0,)}
    """
    return dict(zip(("x1", "x2"), map(_numbers, args), strict=True)) if len(args) == 2 else {}


def _numbers(value: Any) -> tuple[float, ...] | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value),)
    size = getattr(value, "numpy", None) and math.prod(getattr(value, "shape", (MOST_NUMBERS + 1,)))
    if isinstance(value, np.ndarray):
        size = value.size
    if not size or size > MOST_NUMBERS:
        return None
    array = np.asarray(value)
    return tuple(map(float, array.reshape(-1))) if array.dtype.kind in "iuf" else None


def handling_of(operation: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> MaskHandling:
    """Returns what an operation does with the mask of its input."""
    if not isinstance(operation, keras.layers.Layer):
        if _joins_steps(operation, args):
            return MaskHandling.MIXES
        return MaskHandling.DROPS if type(operation).__name__ in _ELEMENTWISE else MaskHandling.MOVES
    if isinstance(operation, keras.layers.Lambda) and not operation.supports_masking:
        return _handling_of_function(operation.function)
    if isinstance(operation, keras.Model):
        return MaskHandling.UNKNOWN
    users = maker_of(operation) is Maker.USER
    if isinstance(operation, _TAKES) or (users and _asks_for_masks(operation)):
        return MaskHandling.HAS_ITS_OWN if _has_its_own(args, kwargs) else MaskHandling.TAKES
    if operation.supports_masking:
        return MaskHandling.UNKNOWN if users else MaskHandling.KEEPS
    if isinstance(operation, _MIXES):
        return MaskHandling.MIXES
    return MaskHandling.MOVES if isinstance(operation, _MOVES) else MaskHandling.DROPS


def _joins_steps(op: Any, args: Sequence[Any]) -> bool:
    """True of an op that joins what lies along the axis of steps, and of no samples."""
    shape, axes = getattr(args[0], "shape", None) if len(args) == 1 else None, getattr(op, "axis", None)
    axes = [axes] if isinstance(axes, int) else axes
    if type(op).__name__ not in _JOINING or shape is None or len(shape) < 3 or not isinstance(axes, list | tuple):
        return False
    along = {axis % len(shape) for axis in axes}
    return 1 in along and 0 not in along


def _handling_of_function(function: Any) -> MaskHandling:
    """What a Lambda does with a mask: it takes one by the name, and joins steps where it does nothing but join."""
    code = getattr(function, "__code__", None)
    if code is None:
        return MaskHandling.DROPS
    if "mask" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        return MaskHandling.TAKES
    named = {*code.co_names, *code.co_freevars}
    computes = any(one.opname.startswith(("BINARY", "COMPARE", "CONTAINS")) for one in dis.get_instructions(code))
    joins = bool(named & _JOINING_NAMES) and named <= _JOINING_NAMES | _MODULES and not computes
    return MaskHandling.MIXES if joins else MaskHandling.DROPS


def handling_of_op(kind: str) -> MaskHandling:
    """Returns what an op of the backend does with masks: none hands them on."""
    return MaskHandling.DROPS if kind in _ELEMENTWISE else MaskHandling.MOVES


def _asks_for_masks(layer: Any) -> bool:
    return any(name == "mask" or name.endswith("_mask") for name in inspect.signature(layer.call).parameters)


def _has_its_own(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """True if a call was given a mask; what attends only to the steps before it needs none where padding is last."""
    named = any("mask" in name and value is not None and value is not False for name, value in kwargs.items())
    return named or any(str(getattr(value, "dtype", "")) == "bool" for value in args[1:])
