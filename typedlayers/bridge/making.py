"""The layers that the ``call`` of a user's layer or model makes while it runs.

Layers that ``build`` makes are right: it runs once, before the first ``call`` and inside the same ``__call__``.
"""

from __future__ import annotations

import contextlib
import contextvars
import inspect
import linecache
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any, Final

import keras

from typedlayers.bridge.backend import lacks_values
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.stack import inner_layers
from typedlayers.facts.calls import At, Made


class _Call:
    """A call of a user's layer that is running, and the layers that it made so far."""

    def __init__(self, layer: Any) -> None:
        own = layer.function if isinstance(layer, keras.layers.Lambda) else type(layer).call
        self.call: CodeType | None = getattr(inspect.unwrap(own), "__code__", None)
        self.made: list[Any] = []


_running: Final[contextvars.ContextVar[_Call | None]] = contextvars.ContextVar("typedlayers_running_call", default=None)


@contextlib.contextmanager
def noting_layers(layer: Any) -> Iterator[list[Any]]:
    """Gives the list of the typed layers that ``call`` of a user's layer makes in a ``with`` block."""
    running = _Call(layer)
    token = _running.set(running)
    try:
        yield running.made
    finally:
        _running.reset(token)


def note_layer(made: Any) -> None:
    """Notes a layer that was just made, if the ``call`` of a user's layer made it."""
    running = _running.get()
    if running is not None and _is_in_call(running, sys._getframe(1)):
        running.made.append(made)


def is_made_in_call(layer: Any) -> bool:
    """Returns True if the ``call`` that is running made a layer: whatever that becomes, nothing else holds it."""
    running = _running.get()
    return running is not None and any(one is layer for one in running.made)


def _is_in_call(running: _Call, frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is running.call:
            return True
        if frame.f_code.co_name == "build":  # also that of a layer inside, which a first call builds
            return False
        frame = frame.f_back
    return False


def with_weights(layer: Any, made: list[Any], args: Any) -> tuple[Made, ...]:
    """Returns those of the layers made inside a call that got weights and that nothing keeps.

    Args:
        layer: the layer or model that was called.
        made: the layers that its call made.
        args: what it was called on; fixed weights that are made anew do no harm where that has values.
    """
    eager = not any(isinstance(one, keras.KerasTensor) or lacks_values(one) for one in keras.tree.flatten(args))
    kept = {id(inner) for inner in inner_layers(layer)}
    return tuple(
        _fact(one) for one in made if id(one) not in kept and (one.trainable_weights if eager else one.weights)
    )


def _fact(made: Any) -> Made:
    state = state_of(made)
    file, line = (None if state is None else state.site) or ("", 0)
    return Made(label_of(made), type(made).__name__, At(file, line, linecache.getline(file, line).strip()))
