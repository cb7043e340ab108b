"""The layers of a model: whose run they belong to, where they stand, and whether their weights are fresh."""

from __future__ import annotations

import inspect
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.model_state import ModelState, model_state
from typedlayers.bridge.resolved import resolved_of
from typedlayers.bridge.stack import inner_layers
from typedlayers.contracts.contract import Resolved
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Location
from typedlayers.verdict.ledger import Entry
from typedlayers.verdict.source import is_of_package


def own_layers(model: Any) -> None:
    """Tells the layers of a model whose run they belong to, and which names hold across it."""
    state, layers, label = model_state(model), model.layers, label_of(model)
    for index, layer in enumerate(layers):
        inner = state_of(layer)
        if inner is not None:
            inner.within = f"layer {index + 1} of {len(layers)} in {label}"
    names = state.names(label)
    for layer in inner_layers(model):
        inner = state_of(layer)
        if inner is None or layer is model:
            continue
        inner.run = state.own_run
        if inner.shared is not names and inner.shared != names:
            inner.shared = names
            inner.forget()
    state.owns = True


def weights_changed(model: Any) -> None:
    """Notes that a model's weights are no longer as their initializers made them."""
    for layer in inner_layers(model):
        state = state_of(layer)
        if state is not None:
            state.fresh = False


def contract_in_model(layer: Any) -> Resolved | None:
    """Returns a layer's contract; a model inside a model has none of its own."""
    return None if isinstance(state_of(layer), ModelState) else resolved_of(layer)


def location_of(layer: Any) -> Location:
    """Returns the user's line that made a layer, as far as it is known."""
    state = state_of(layer)
    file, line = (state.site if state is not None else None) or (None, None)
    return Location(file, line)


def place_of(layer: Any) -> Location:
    """Returns the user's line that made a layer and its place in its model, as far as they are known."""
    state = state_of(layer)
    return Location() if state is None else state.location(label_of(layer))


def allowed_for(layer: Any) -> frozenset[str]:
    """Returns the codes that the user silenced for a layer, and those that cannot be the user's mistake."""
    state = state_of(layer)
    if state is None:
        return frozenset()
    return state.allowed | _OF_LAYERS if state.by_package else state.allowed


_OF_LAYERS: Final = frozenset(code for code in CODES if code[2] in "237")
"""Codes about shapes, dtypes and calls of a layer: not the user's mistakes in a layer that a package made."""


def is_users_own(layer: Any) -> bool:
    """Whether the user's own code made a layer, called by no code of Keras; of a plain layer that is not known."""
    state = state_of(layer)
    return state is not None and state.site is not None and not state.by_keras


_KERAS: Final = ("keras", "tensorflow", "typedlayers")


def has_own_call(cls: type) -> bool:
    """Whether the ``call`` of a class of layers or models is the user's."""
    owner = next(base for base in cls.__mro__ if "call" in vars(base))
    if owner.__module__.partition(".")[0] in _KERAS:
        return owner is keras.layers.Lambda
    code = getattr(inspect.unwrap(vars(owner)["call"]), "__code__", None)
    return code is None or not is_of_package(code.co_filename)


def is_fresh(layer: Any) -> bool:
    """Whether a layer's weights are as their initializers made them; of a plain layer nothing is known once built."""
    state = state_of(layer)
    return not layer.built if state is None else state.fresh


def ledger_of(model: Any) -> list[Entry]:
    """Returns what was repaired in a model or layer and in the layers inside it, in model order."""
    found: dict[int, Entry] = {}
    for layer in inner_layers(model):
        state = state_of(layer)
        if state is not None:
            found |= {id(entry): entry for entry in state.ledger}
    return list(found.values())
