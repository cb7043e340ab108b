"""The variables of TensorFlow that a user's layer holds itself: Keras neither trains nor saves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import tensorflow as tf

from typedlayers.bridge.gradients import names_in_class
from typedlayers.facts.graph import BareVariable

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
