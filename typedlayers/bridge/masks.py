"""The calls of a model → what each of them does with masks.

Keras keeps a tensor's mask on the tensor, in ``_keras_mask``; in a functional model it is there once the model is
made. Where an installed Keras lacks it, no tensor has a mask, and nothing is said.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import Call, calls_of, functional_of
from typedlayers.bridge.tensors import spec_of
from typedlayers.diagnostics.model import Location
from typedlayers.rules.masks.dropped import Handling, Maker, Step, Tensor

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
_OPS_THAT_KEEP_STEPS: Final = ("Absolute", "Add", "Cast", "Divide", "Multiply", "Negative", "Power", "Sqrt", "Square")
_OPS: Final = (*_OPS_THAT_KEEP_STEPS, "Gelu", "Relu", "Sigmoid", "Silu", "Subtract", "Tanh", "TrueDivide", "Where")
"""Ops that compute each element by itself; of every other op it is not known where the steps are in its result."""


def mask_steps(
    model: Any, where: Callable[[Any], Location], allowed: Callable[[Any], frozenset[str]]
) -> tuple[tuple[Step, ...], frozenset[int]]:
    """Returns the calls of a functional model or a built Sequential, and the keys of the tensors that it gives.

    Args:
        model: the model; of a subclassed one no calls are known.
        where: gives the user's line of a layer and its place in the model.
        allowed: gives the codes that are silenced for a layer.
    """
    graph = functional_of(model)
    outputs = frozenset(id(tensor) for tensor in graph.outputs) if graph is not None else frozenset()
    return tuple(_step(call, where, allowed) for call in calls_of(model)), outputs


def _step(call: Call, where: Callable[[Any], Location], allowed: Callable[[Any], frozenset[str]]) -> Step:
    operation, layer = call.operation, isinstance(call.operation, keras.layers.Layer)
    label = label_of(operation) if layer else f"op {label_of(operation)}"
    at = where(operation) if layer else Location()
    return Step(
        label,
        Location(at.file, at.line, label, at.within),
        _handling(call),
        _maker(operation),
        tuple(map(_tensor, call.inputs)),
        tuple(map(_tensor, call.outputs)),
        allowed(operation) if layer else frozenset(),
    )


def _tensor(value: Any) -> Tensor:
    return Tensor(id(value), spec_of(value), getattr(value, "_keras_mask", None) is not None)


def _maker(operation: Any) -> Maker:
    if not isinstance(operation, keras.layers.Layer):
        return Maker.OP
    if isinstance(operation, keras.layers.Lambda):
        return Maker.FUNCTION
    return Maker.KERAS if _call_owner(operation).__module__.partition(".")[0] == "keras" else Maker.USER


def _call_owner(layer: Any) -> type:
    return next(base for base in type(layer).__mro__ if "call" in vars(base))


def _handling(call: Call) -> Handling:
    operation = call.operation
    if not isinstance(operation, keras.layers.Layer):
        return Handling.DROPS if type(operation).__name__ in _OPS else Handling.MOVES
    if isinstance(operation, keras.Model):
        return Handling.UNKNOWN
    if isinstance(operation, _TAKES) or (_maker(operation) is Maker.USER and _asks_for_masks(operation)):
        return Handling.HAS_ITS_OWN if _has_its_own(call) else Handling.TAKES
    if operation.supports_masking:
        return Handling.UNKNOWN if _maker(operation) is Maker.USER else Handling.KEEPS
    if isinstance(operation, _MIXES):
        return Handling.MIXES
    return Handling.MOVES if isinstance(operation, _MOVES) else Handling.DROPS


def _asks_for_masks(layer: Any) -> bool:
    return any(name == "mask" or name.endswith("_mask") for name in inspect.signature(layer.call).parameters)


def _has_its_own(call: Call) -> bool:
    """Whether a call was given a mask; what attends only to the steps before it needs none where padding comes last."""
    named = any("mask" in name and value is not None and value is not False for name, value in call.kwargs.items())
    return named or any(value is not None for value in call.args[1:] if _is_boolean(value))


def _is_boolean(value: Any) -> bool:
    return str(getattr(value, "dtype", "")) == "bool"
