"""The calls of a functional model → which of them let a gradient through.

Of Keras's own layers the dtype of the result says it. Of a user's layer it need not: Keras announces floats for a
``Lambda`` and where ``compute_output_shape`` is overridden. A ``call`` of hers that rounds, compares or casts is traced
once more, and TensorFlow is asked for the gradient; it is not computed.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

import keras

from typedlayers.bridge.backend import on_tensorflow
from typedlayers.bridge.graph import Call
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.tensors import dtype_of, shape_of
from typedlayers.bridge.trial import FAILURES
from typedlayers.facts.evidence import Learning

_WITHOUT: Final = frozenset({"Ceil", "Floor", "Round", "Sign", "Trunc"})
"""Ops of ``keras.ops`` whose results are floats and have no gradient, or one of zero; ``StopGradient`` is meant."""

_NAMES: Final = frozenset(
    {
        "argmax", "argmin", "argsort", "astype", "cast", "ceil", "equal", "floor", "floor_divide", "greater", "less",
        "one_hot", "rint", "round", "saturate_cast", "sign", "to_int", "top_k", "trunc",
    }
)  # fmt: skip
"""Names in a user's code without which it is not traced: what cuts a gradient is called so."""


def learning_of(model: Any, *, seen: bool = False) -> Learning | None:
    """Returns what the loss of ``fit`` is computed from, None if that is not known to be the outputs.

    It is not with ``add_loss``, an activity regularizer, or a ``compute_loss`` of the user's.

    Args:
        model: any Keras model.
        seen: whether its own step was seen to compute Keras's loss of the outputs.
    """
    if any(map(_adds_loss, inner_layers(model))):
        return None
    if trains_as_keras(model):
        return Learning.OUTPUTS
    return Learning.OUTPUTS_AND_MORE if seen else None


def trains_as_keras(model: Any) -> bool:
    """Whether ``fit`` computes the loss and applies the gradients as Keras does."""
    names = ("train_step", "compute_loss")
    return all(_owner(type(model), name).__module__.partition(".")[0] == "keras" for name in names)


def _owner(cls: type, name: str) -> type:
    return next(base for base in cls.__mro__ if name in vars(base))


def _adds_loss(layer: Any) -> bool:
    return layer.activity_regularizer is not None or "add_loss" in names_in_class(type(layer))


_found: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()


def names_in_class(cls: type) -> frozenset[str]:
    """Returns the names that the code of a user's class uses; of Keras's classes none."""
    found = _found.get(cls)
    if found is None:
        found = _found[cls] = _read_names(cls)
    return found


def _read_names(cls: type) -> frozenset[str]:
    found = frozenset[str]()
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] not in ("keras", "tensorflow", "typedlayers", "builtins"):
            found |= frozenset(name for method in vars(base).values() for name in _names(method))
    return found


def names_in_function(function: Any) -> frozenset[str]:
    """Returns the names that the code of a function uses, that of functions defined in it too."""
    return frozenset(_names(function))


def _names(function: Any) -> Iterator[str]:
    code = getattr(function, "__code__", None)
    if code is not None:
        yield from _names_of_code(code)


def _names_of_code(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_of_code(constant)


def conducts(call: Call) -> bool:
    """Returns True if a gradient of a call's result reaches its arguments."""
    operation = call.operation
    if not isinstance(operation, keras.layers.Layer):
        return type(operation).__name__ not in _WITHOUT
    names = names_in_class(type(operation))
    if isinstance(operation, keras.layers.Lambda):
        names = names_in_function(operation.function)
    if isinstance(operation, keras.Model) or not names & _NAMES or not on_tensorflow():
        return True
    try:
        return _has_gradient(call)
    except FAILURES:
        return True  # what cannot be traced by itself is not judged


def _has_gradient(call: Call) -> bool:
    """Traces a call and asks TensorFlow for the gradient; one that is stopped by ``stop_gradient`` is meant to be."""
    import tensorflow as tf

    found: list[bool] = []

    def traced(*tensors: Any) -> Any:
        placed = {id(given): tensor for given, tensor in zip(call.inputs, tensors, strict=True)}
        asked = list(call.args), dict(call.kwargs)
        args, kwargs = cast(Any, keras.tree.map_structure(lambda one: placed.get(id(one), one), asked))
        given = keras.tree.flatten(call.operation.call(*args, **kwargs))
        ys = [y for y in given if tf.is_tensor(y) and y.dtype.is_floating]
        xs = [x for x in tensors if x.dtype.is_floating]
        stopped = any(op.type == "StopGradient" for op in tf.compat.v1.get_default_graph().get_operations())
        found.append(stopped or not xs or (bool(ys) and _reaches(ys, xs)))
        return given

    specs = [tf.TensorSpec(cast(Any, shape_of(one.shape)), dtype_of(one.dtype) or "float32") for one in call.inputs]
    tf.function(traced, autograph=False).get_concrete_function(*specs)
    return found[0]


def _reaches(ys: list[Any], xs: list[Any]) -> bool:
    """Whether a gradient of any result reaches any argument."""
    import tensorflow as tf

    return any(one is not None for one in cast(Any, tf.gradients(ys, xs)))
