"""A trial: the ``call`` of a user's layer, traced for other sizes and thrown away.

It answers "would it run for 5 samples too?" from evidence. Nothing is computed, no weight keeps a change; what
``call`` itself prints or counts in Python happens once more.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.backend import failures_of_ops
from typedlayers.bridge.tensors import dtype_of, is_tensor, shape_of, specs_of
from typedlayers.facts.calls import At
from typedlayers.spec import SpecTree

FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    *failures_of_ops(),
)
"""What a ``call`` raises if it cannot work with the sizes it gets."""


Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]


def tried(layer: Any, arguments: Arguments, *, batch: int | None = None) -> SpecTree:
    """Returns what the ``call`` of a layer gives, traced.

    Args:
        layer: a layer that can be built.
        arguments: positional and keyword arguments of the call; tensors of them stand for their shapes.
        batch: the number of samples to put where it is unknown; None leaves it unknown.

    Raises:
        ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError, OpError:
            what ``call`` raises: one of `FAILURES`.
    """
    args, kwargs = _stand_ins(layer, arguments, batch)
    return specs_of(keras.Operation.compute_output_spec(layer, *args, **kwargs))


def declared(layer: Any, arguments: Arguments) -> SpecTree:
    """Returns what a layer's own ``compute_output_shape`` or ``compute_output_spec`` says that it gives.

    Returns:
        The specs; None if the layer leaves it to Keras, or if its method does not get all of these arguments.
    """
    cls, plain = type(layer), keras.layers.Layer
    if cls.compute_output_shape is plain.compute_output_shape and cls.compute_output_spec is plain.compute_output_spec:
        return None
    if isinstance(layer, keras.layers.Lambda) and getattr(layer, "_output_shape", None) is None:
        return None  # it would run its function to find out
    args, kwargs = _stand_ins(layer, arguments, None)
    if cls.compute_output_spec is plain.compute_output_spec and _has_settings(layer, args, kwargs):
        return None  # Keras asks ``compute_output_shape`` for the shapes of tensors alone
    try:
        return specs_of(layer.compute_output_spec(*args, **kwargs))
    except FAILURES:
        return None  # Keras asks the same method in a functional model, and lets the user see what it raises


def _has_settings(layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """True if a call has arguments other than tensors that are not the defaults of ``call``."""
    given = inspect.signature(layer.call).bind_partial(*args, **kwargs)
    defaults = inspect.signature(layer.call).parameters
    settings = {name: value for name, value in given.arguments.items() if name != "training" and _is_setting(value)}
    return any(
        value is not defaults[name].default and value != defaults[name].default for name, value in settings.items()
    )


def _is_setting(value: Any) -> bool:
    return any(not isinstance(leaf, keras.KerasTensor) and leaf is not None for leaf in keras.tree.flatten(value))


def _stand_ins(layer: Any, arguments: Arguments, batch: int | None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Returns the arguments of a call with a Keras tensor in the place of each tensor."""
    args, kwargs = arguments
    positional = tuple(_stand_in(value, batch) for value in args)
    named = {name: _stand_in(value, batch) for name, value in kwargs.items()}
    if "training" not in parameters(layer):  # Keras hands it to layers that do not ask for it, and drops it in time
        named.pop("training", None)
    return positional, named


def _stand_in(value: Any, batch: int | None) -> Any:
    if is_tensor(value):
        shape = shape_of(value.shape)
        if shape is None:
            return value
        if batch is not None and shape and shape[0] is None:
            shape = (batch, *shape[1:])
        return keras.KerasTensor(shape, dtype=dtype_of(value.dtype) or "float32")
    if isinstance(value, Mapping):
        return {key: _stand_in(item, batch) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_stand_in(item, batch) for item in value]) if type(value) in (list, tuple) else value
    return value


def parameters(layer: Any) -> tuple[str, ...]:
    """Returns the names of the parameters of a layer's ``call``."""
    return tuple(inspect.signature(layer.call).parameters)


def declaring(layer: Any) -> tuple[At, bool]:
    """Returns the method by which a layer says what it gives, and whether a class of Keras has it."""
    shape = type(layer).compute_output_shape is not keras.layers.Layer.compute_output_shape
    name = "compute_output_shape" if shape else "compute_output_spec"
    owner = next(base for base in type(layer).__mro__ if name in vars(base))
    code = inspect.unwrap(getattr(owner, name)).__code__
    return At(code.co_filename, code.co_firstlineno, name), owner.__module__.partition(".")[0] == "keras"
