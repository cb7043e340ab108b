"""The variables of TensorFlow that a user's layer holds itself: Keras neither trains nor saves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.backend import loaded_tensorflow
from typedlayers.bridge.gradients import names_in_class
from typedlayers.facts.graph import BareVariable
from typedlayers.facts.layers import Exchanged, IntegerWeight

_SETTERS = frozenset({"assign", "assign_add", "assign_sub", "scatter_update", "scatter_add", "scatter_nd_update"})
"""What the code of a class calls if a variable of it is state, not a weight."""


def bare_variables(model: Any, layer: Any) -> tuple[BareVariable, ...]:
    """Returns the floating trainable ``tf.Variable`` objects that a layer of a model holds itself.

    A variable is left out if the code of its layer assigns to variables, or if the code of the model names it or asks
    a tape for its variables: it is then state, or trained in a way of its own.
    """
    handled = names_in_class(type(model))
    if layer is model or "watched_variables" in handled or names_in_class(type(layer)) & _SETTERS:
        return ()
    found: dict[int, BareVariable] = {}
    for name, value in vars(layer).items():
        if name in handled or name.startswith("_self_"):  # the latter are TensorFlow's own notes of the attributes
            continue
        for variable, place in _variables(value, name):
            shape = tuple(variable.shape.as_list() or ())
            found.setdefault(id(variable), BareVariable(place, shape, variable.dtype.name))
    return tuple(found.values())


def _variables(value: Any, place: str, depth: int = 3) -> Iterator[tuple[Any, str]]:
    """Yields the floating trainable variables in a value, each with its place in it."""
    tf: Any = loaded_tensorflow()
    if tf is None:
        return
    if isinstance(value, tf.Variable):
        if value.trainable and value.dtype.is_floating:
            yield value, place
    elif depth == 0 or isinstance(value, keras.layers.Layer):
        return
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _variables(item, f"{place}[{key!r}]", depth - 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _variables(item, f"{place}[{index}]", depth - 1)
    elif isinstance(value, tf.Module):
        for variable in value.trainable_variables:
            yield from _variables(variable, f"{place}.{variable.name.partition(':')[0]}", depth - 1)


def integer_weights(model: Any, layer: Any) -> tuple[IntegerWeight, ...]:
    """Returns the trainable integer weights of a user's layer that neither its code nor the model's sets."""
    if _is_keras(layer) or layer is model or _SETTERS & (names_in_class(type(layer)) | names_in_class(type(model))):
        return ()
    return tuple(
        IntegerWeight(variable.name, str(variable.dtype))
        for variable in getattr(layer, "_trainable_variables", ())
        if variable.trainable and str(variable.dtype).startswith(("int", "uint", "bool"))
    )


_KINDS: Final = {"regularizer": keras.constraints.Constraint, "constraint": keras.regularizers.Regularizer}
"""What stands where the other is called for."""


def exchanged(layer: Any) -> tuple[Exchanged, ...]:
    """Returns the constraints given as regularizers of a layer, and the regularizers given as constraints."""
    return tuple(
        Exchanged(argument, type(given).__name__)
        for argument, given in _penalties(layer)
        if isinstance(given, _KINDS[argument.rpartition("_")[2]])
        and not all(isinstance(given, kind) for kind in _KINDS.values())
    )


def _penalties(layer: Any) -> Iterator[tuple[str, Any]]:
    """The regularizers and constraints of a layer of Keras's by their arguments, of another by its weights."""
    if _is_keras(layer):
        named = ((name, value) for name, value in vars(layer).items() if name.rpartition("_")[2] in _KINDS)
        yield from ((name.removeprefix("_"), value) for name, value in named)
        return
    yield "activity_regularizer", layer.activity_regularizer
    for variable in getattr(layer, "_trainable_variables", ()):
        yield "regularizer", getattr(variable, "regularizer", None)
        yield "constraint", getattr(variable, "constraint", None)


def _is_keras(layer: Any) -> bool:
    return type(layer).__module__.partition(".")[0] in ("keras", "typedlayers")


def half_weights(layer: Any) -> bool:
    """Returns True if a layer itself holds trainable weights of float16."""
    return any(str(one.dtype) == "float16" for one in getattr(layer, "_trainable_variables", ()) if one.trainable)
