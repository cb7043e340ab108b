"""The front of a model as its weights are now: what was learned of other weights is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import consumers_of, functional_of
from typedlayers.bridge.inputs import inputs_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.marks import mark_of
from typedlayers.bridge.members import is_fresh, weights_changed
from typedlayers.bridge.model_state import ModelState, model_state
from typedlayers.bridge.stack import inner_layers
from typedlayers.diagnostics.model import Location
from typedlayers.facts.front import Ends, Front, Named, Taken, input_name, named_inputs

_named: Final[WeakKeyDictionary[Any, Named]] = WeakKeyDictionary()
"""The inputs of functional models, which stay as they are for as long as the model lives."""


def named_inputs_of(model: Any) -> Named | None:
    """Returns the inputs that a model declares, None if it declares none."""
    graph = functional_of(model)
    if graph is None:
        return named_inputs(inputs_of(model, Location()).tree)
    found = _named.get(graph)
    if found is None:
        found = named_inputs(inputs_of(model, Location()).tree)
        if found is not None:
            _named[graph] = found
    return found


def front_of(model: Any) -> Front:
    """Returns the front of a model: its own, what its inputs declare, and what models inside it take."""
    state = model_state(model)
    front = state.front
    for key, taken in _inner(model):
        if front.of(key).values is None and taken.values is not None:
            front = front.with_(key, trained=taken.trained, declared=taken.declared)
    return front


def _inner(model: Any) -> Iterator[tuple[str, Taken]]:
    """What models take that stand right after an input of this one."""
    graph = functional_of(model)
    if graph is None:
        return
    names = [tensor.name for tensor in graph.inputs]
    for index, tensor in enumerate(graph.inputs):
        for call in consumers_of(graph).of(tensor):
            inner = functional_of(call.operation) if isinstance(call.operation, keras.Model) else None
            if inner is None or not isinstance(state_of(call.operation), ModelState):
                continue
            at = next(i for i, one in enumerate(call.inputs) if one is tensor)
            if at < len(inner.inputs):
                notice_changes(call.operation)
                key = input_name([one.name for one in inner.inputs], at)
                yield input_name(names, index), front_of(call.operation).of(key)


def note_copy(clone: Any, model: Any) -> None:
    """Notes that a clone has new weights in place of trained ones."""
    if _is_trained(model):
        model_state(clone).copied = label_of(model)


def copied_from(model: Any) -> str:
    """Returns the trained model that one is a clone of, as long as its weights are those that it was made with."""
    copied = model_state(model).copied
    return "" if not copied or _is_trained(model) else copied


def _is_trained(model: Any) -> bool:
    state = model_state(model)
    if state.after is not None or (state.made is not None and not state.made.holds):
        return True
    return any(not is_fresh(layer) for layer in inner_layers(model) if layer.weights and state_of(layer) is not None)


def declare_inputs(model: Any) -> None:
    """Notes the ranges that the inputs of a functional model or Sequential declare."""
    graph, state = functional_of(model), model_state(model)
    if graph is None:
        return
    names = [tensor.name for tensor in graph.inputs]
    for index, tensor in enumerate(graph.inputs):
        ends = declared_values(tensor)
        if ends is not None:
            key = input_name(names, index)
            state.front = state.front.with_(key, declared=ends, dtype=_float_dtype(tensor))


def declared_values(tensor: Any) -> Ends | None:
    """Returns the range that ``tl.Input(values=)`` declared of a Keras tensor."""
    return getattr(_input_layer(tensor), VALUES, None)


def declare_values(tensor: Any, ends: Ends) -> None:
    """Notes the range of a Keras tensor that is a model's input."""
    operation = _input_layer(tensor)
    if operation is not None:
        object.__setattr__(operation, VALUES, ends)


def _input_layer(tensor: Any) -> Any:
    return getattr(getattr(tensor, "_keras_history", None), "operation", None)


VALUES: Final = "_typedlayers_values"
"""Where an input keeps its declared range."""


def _float_dtype(tensor: Any) -> str:
    return str(tensor.dtype) if keras.backend.is_float_dtype(tensor.dtype) else keras.config.floatx()


# ------------------------------------------------------------------------------------------------ weights
def mark_made(model: Any) -> None:
    """Notes the weights of a model as they were made, once."""
    state = model_state(model)
    if state.made is None and state.after is None:
        state.made = mark_of(model)


def mark_trained(model: Any, front: Front) -> None:
    """Notes what a training saw, and the weights that it left behind."""
    state = model_state(model)
    state.after = mark_of(model) if state.after is None else state.after.again()
    state.front = front


def notice_changes(model: Any) -> None:
    """Forgets what is no longer true of a model whose weights were set in a way that no method of it sees."""
    state = model_state(model)
    if state.made is not None and not state.made.holds:
        weights_changed(model)
        forget_training(model)
        state.made = None
    if state.after is not None and not state.after.holds:
        forget_training(model)
    if state.after is None and any(one.trained is not None for one in state.front.inputs.values()):
        if state.made is not None:  # the config of a trained model, without its weights
            forget_training(model)
        else:
            state.after = mark_of(model)


def mark_loaded(model: Any) -> None:
    """Notes that the weights of a model came from a file, with what is known of them."""
    model_state(model).made = None
    weights_changed(model)


def forget_training(model: Any) -> None:
    """Forgets what training saw, as the weights are others now; a frozen model keeps what it takes."""
    state = model_state(model)
    state.after = state.looked = None
    state.taken.clear()
    if not state.front.frozen:
        state.front = state.front.untrained
