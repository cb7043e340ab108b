"""The stack of a Sequential and the layers inside a layer: the private names of Keras that hold them.

``Sequential._layers`` lists the input too, and can be exchanged; ``Layer._flatten_layers`` walks all inner layers.
Where an installed Keras lacks them, public names give the same with less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import keras


def stack_of(model: keras.Sequential) -> list[Any]:
    """Returns a Sequential's layers, its input first if it has one."""
    return list(getattr(model, "_layers", model.layers))


def set_stack(model: keras.Sequential, layers: Sequence[Any]) -> None:
    """Exchanges a Sequential's layers, its input included; the model is not rebuilt."""
    if hasattr(model, "_layers"):
        model._layers = list(layers)
        return
    while model.layers:
        model.pop(rebuild=False)
    for layer in layers:
        keras.Sequential.add(model, layer, rebuild=False)


def input_layer(model: keras.Sequential) -> keras.layers.InputLayer | None:
    """Returns a Sequential's input layer, the user's or the one that Keras put there; None before there is one."""
    stack = stack_of(model)
    return stack[0] if stack and isinstance(stack[0], keras.layers.InputLayer) else None


def inner_layers(layer: Any) -> Iterator[Any]:
    """Yields a layer and every layer inside it, each once."""
    flatten = getattr(layer, "_flatten_layers", None)
    if flatten is not None:
        yield from flatten()
        return
    yield layer
    for inner in getattr(layer, "layers", ()):
        yield from inner_layers(inner)


def sublayers(layer: Any) -> list[Any]:
    """Returns the layers that stand directly in a layer, in the order in which it got them."""
    flatten = getattr(layer, "_flatten_layers", None)
    if flatten is None:
        return list(getattr(layer, "layers", ()))
    return list(flatten(include_self=False, recursive=False))
