"""Stateless copies of layers: they can be called, and what that makes is thrown away with them.

A layer whose weights are made is used as it is, in a stateless scope. One that is not built yet is copied with every
layer in it, since a call would build it. Variables that a copy makes never get values, and no seed is drawn: what Keras
counts for the whole process is put back.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.layer_state import STATE, State, set_state, state_of
from typedlayers.bridge.model_state import ModelState
from typedlayers.bridge.stack import inner_layers

_OWN: Final = frozenset(
    {
        "_tracker", "_trainable_variables", "_non_trainable_variables", "_layers", "_metrics", "_seed_generators",
        "build", "quantize", STATE,
    }
)  # fmt: skip
"""Attributes that each layer object has for itself: lists that Keras tracks, and methods that it wraps per object."""

_LISTS: Final = ("_trainable_variables", "_non_trainable_variables", "_layers", "_metrics", "_seed_generators")

_COUNTED: Final = ("object_name_uids", "uninitialized_variables")
"""What Keras counts for the whole process, in ``keras.src.backend.common.global_state``."""


def is_built(layer: Any) -> bool:
    """Returns True if no call of the layer would make weights."""
    return all(inner.built for inner in inner_layers(layer))


def stateless_copy(layer: Any, originals: dict[int, Any]) -> Any:
    """Returns a copy of a layer that is not built; a built layer itself.

    Args:
        layer: a Keras layer or model.
        originals: is given, by the identity of each copy, the layer that it stands for.
    """
    return _Copies(originals).of(layer)


class _Copies:
    def __init__(self, originals: dict[int, Any]) -> None:
        self._originals = originals
        self._made: dict[int, Any] = {}

    def of(self, layer: Any) -> Any:
        if is_built(layer):
            return layer
        made = self._made.get(id(layer))
        if made is None:
            made = self._made[id(layer)] = keras.layers.Layer.__new__(type(layer))
            self._originals[id(made)] = layer
            self._fill(made, layer)
        return made

    def _fill(self, made: Any, layer: Any) -> None:
        for name, value in vars(layer).items():
            if name not in _OWN:
                vars(made)[name] = self._value(value)
        made._initialize_tracker()
        for name in _LISTS:
            getattr(made, name).extend(self._value(list(getattr(layer, name, ()))))
        if getattr(type(layer).build, "_is_default", False):
            made.built = True  # Keras would run its call an extra time, to build the layers in it: their calls do that
        state = state_of(layer)
        if state is not None:
            set_state(made, _copied_state(state))

    def _value(self, value: Any) -> Any:
        """A value with every layer in it copied; what holds no layer is shared."""
        if isinstance(value, keras.layers.Layer):
            return self.of(value)
        if isinstance(value, Mapping):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if type(value) is tuple:
            return tuple(self._value(item) for item in value)
        return value


def _copied_state(state: State) -> State:
    copied: State
    if isinstance(state, ModelState):
        copied = ModelState(state.site, by_package=state.by_package)
        copied.mode, copied.dims = state.mode, state.dims
    else:
        copied = State(state.site, by_keras=state.by_keras, by_package=state.by_package)
    copied.within, copied.annotated, copied.allowed = state.within, state.annotated, state.allowed
    copied.shared, copied.fresh = state.shared, state.fresh
    return copied


@contextlib.contextmanager
def nothing_kept() -> Iterator[None]:
    """A scope in which layers can be called without a trace: no variable, seed, name or loss of it is kept."""
    before = _counted()
    seed = random.getstate()  # Keras draws the seeds of initializers and of dropout from Python's generator
    try:
        with keras.StatelessScope(collect_losses=True, initialize_variables=False):
            yield
    finally:
        random.setstate(seed)
        _put_back(before)


def _counted() -> dict[str, Any]:
    try:
        from keras.src.backend.common import global_state
    except ImportError:  # a Keras that keeps it elsewhere numbers its names on
        return {}
    found = {name: global_state.get_global_attribute(name) for name in _COUNTED}
    return {name: None if value is None else value.copy() for name, value in found.items()}


def _put_back(before: Mapping[str, Any]) -> None:
    if before:
        from keras.src.backend.common import global_state

        for name, value in before.items():
            global_state.set_global_attribute(name, value)
