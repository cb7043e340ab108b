"""`clone_model`: keeps a Sequential typed, which Keras's own does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from typedlayers.archive.model_notes import in_force, model_notes, read_notes
from typedlayers.archive.scope import readable, scope, users_names
from typedlayers.bridge.front import forget_training, note_copy
from typedlayers.bridge.functional import KerasFunctional
from typedlayers.bridge.resolved import is_typed
from typedlayers.bridge.stack import input_layer
from typedlayers.models.sequential import Sequential
from typedlayers.verdict.boundary import guarded

Clone = Callable[[Any], Any]


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Clone | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
    **kwargs: Any,
) -> Any:
    """``keras.models.clone_model``: the clone of a typed model is typed and has its notes.

    Args:
        model: as for ``keras.models.clone_model``.
        input_tensors: as there.
        clone_function: as there; its results are not changed.
        call_function: as there.
        recursive: as there.
        **kwargs: as there.

    >>> import typedlayers as tl
    >>> model = tl.Sequential([tl.Input((4,)), tl.layers.Dense(2)], mode="lenient")
    >>> clone = tl.keras.models.clone_model(model)
    >>> type(clone) is tl.Sequential, clone.layers[0] is model.layers[0]
    (True, False)
    """
    cache = kwargs.setdefault("cache", {})
    notes = read_notes(found, model.name) if (found := model_notes(model)) else None
    with in_force(notes):
        if isinstance(model, keras.Sequential | KerasFunctional):
            clone_function = clone_function or _again  # Keras's own makes inner layers plain
        if recursive and clone_function is not None:
            clone_function = _recursive(clone_function, call_function, cache)
        if isinstance(model, keras.Sequential) and is_typed(type(model)) and call_function is None:
            clone = _sequential(model, input_tensors, clone_function or _again, cache)
        else:
            clone = keras.models.clone_model(model, input_tensors, clone_function, call_function, **kwargs)
    if notes is not None:
        notes.give(clone)
        guarded(model.name, lambda: forget_training(clone))  # its weights are new
    note_copy(clone, model)
    return clone


def _again(layer: Any) -> Any:
    """Returns a layer rebuilt from its config; inner layers stay typed."""
    if not is_typed(type(layer)):
        return type(layer).from_config(layer.get_config())
    with scope():
        return type(layer).from_config(readable(layer.get_config(), users_names()))


def _recursive(clone: Clone, call_function: Any, cache: dict[int, Any]) -> Clone:
    """Returns a clone function that clones inner models with `clone_model`."""

    def cloned(layer: Any) -> Any:
        if isinstance(layer, keras.Sequential):
            return clone_model(layer, clone_function=clone, recursive=True, cache=cache)
        if isinstance(layer, KerasFunctional):
            return clone_model(layer, clone_function=clone, call_function=call_function, recursive=True, cache=cache)
        return clone(layer)

    return cloned


def _sequential(model: Any, input_tensors: Any, clone: Clone, cache: dict[int, Any]) -> Any:
    layers = []
    for layer in model.layers:
        if id(layer) not in cache:
            cache[id(layer)] = clone(layer)
        layers.append(cache[id(layer)])
    given = input_layer(model)
    if input_tensors is not None:
        tensor = input_tensors[0] if isinstance(input_tensors, list | tuple) else input_tensors
        layers.insert(0, keras.Input(tensor=tensor, name=None if given is None else given.name))
    elif given is not None:
        layers.insert(0, type(given).from_config(given.get_config()))
    made = Sequential(layers, trainable=model.trainable, name=model.name)
    if model.compiled:
        made.compile_from_config(model.get_compile_config())
    return made
