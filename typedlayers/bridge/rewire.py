"""A layer put in front of a model that is made already: the same model object, the same layers, the same weights.

A Sequential is built anew over its stack. Of a functional model the graph is run once more over other inputs, which
gives every layer one more node; ``Function`` keeps the graph in a few attributes, and the tracker knows the layers.
Where an installed Keras lacks them, nothing is put in front (`can_rewire`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.functional import KerasFunctional
from typedlayers.bridge.graph import forget_graph, functional_of
from typedlayers.bridge.kin import stood_for
from typedlayers.bridge.stack import set_stack, stack_of

GRAPH: Final = (
    "_outputs_struct",
    "_outputs",
    "_nodes",
    "_nodes_by_depth",
    "_operations",
    "_operations_by_depth",
)
"""The attributes of ``keras.src.ops.function.Function`` that hold a graph from given inputs on."""


def can_rewire(model: Any) -> bool:
    """Whether a layer can be put in front: a class of the user's own may say otherwise what its layers are."""
    cls = type(model)
    plain = stood_for(cls) or cls
    if plain is keras.Sequential:
        return True
    has_graph = plain is KerasFunctional and all(hasattr(model, name) for name in GRAPH)
    return has_graph and hasattr(model, "_run_through_graph") and hasattr(model, "_tracker")


def put_in_front(model: Any, layers: Mapping[int, Any]) -> None:
    """Puts layers between the inputs of a model and all that reads them.

    Args:
        model: a Sequential or a functional model, of Keras's classes or of ours.
        layers: layers without weights that keep shapes, by the number of the input.
    """
    if isinstance(model, keras.Sequential):
        _in_stack(model, layers[0])
    else:
        _in_graph(model, layers)


def _in_stack(model: Any, layer: Any) -> None:
    stack = stack_of(model)
    first = 1 if stack and isinstance(stack[0], keras.layers.InputLayer) else 0
    stack[first:first] = [layer]
    set_stack(model, stack)
    if first and model.built:
        model._maybe_rebuild()


def _in_graph(model: Any, layers: Mapping[int, Any]) -> None:
    starts = [layers[index](one) if index in layers else one for index, one in enumerate(model.inputs)]
    outputs = model._run_through_graph(starts, operation_fn=lambda operation: operation)
    made = KerasFunctional(getattr(model, "_inputs_struct", model.inputs), outputs)
    for name in GRAPH:
        object.__setattr__(model, name, getattr(made, name))
    model._tracker.unlock()
    for layer in layers.values():
        model._tracker.track(layer)
    forget_graph(functional_of(model))
