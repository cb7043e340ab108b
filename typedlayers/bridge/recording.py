"""The calls of layers, written down as they happen: what a layer of the user's, or a model, does inside.

Keras keeps the calls that it makes on Keras tensors only (``bridge.graph``). What runs inside a ``call`` is seen here:
every typed layer, and under `typedlayers.install` every layer, reports its calls to the recorder of its context.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import keras


class NotCopiedError(RuntimeError):
    """A dry run met a layer that it has no copy of: calling it would build the user's own."""


@dataclass(slots=True)
class SeenCall:
    """One call of a layer, and the calls that were made while it ran.

    Attributes:
        layer: the layer.
        args: its positional arguments.
        kwargs: its keyword arguments.
        outputs: what it returned, None if it raised.
        inner: the calls inside it.
    """

    layer: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    outputs: Any = None
    inner: list[SeenCall] = field(default_factory=list)


class Recorder:
    """Calls in the order in which they ended, nested as they were made.

    Attributes:
        calls: the outermost calls.
        originals: by the identity of a copy, the layer that it stands for.
        dry: True in a dry run, which must build no layer of the user's.
    """

    def __init__(self, originals: Mapping[int, Any] | None = None) -> None:
        self.dry = originals is not None
        self.calls: list[SeenCall] = []
        self.originals: Mapping[int, Any] = {} if originals is None else originals
        self._open: list[list[SeenCall]] = [self.calls]
        self._makers: dict[int, SeenCall] = {}

    def restart(self) -> None:
        """Forgets the calls so far: a backend may run a function several times, of which the last counts."""
        self.calls = []
        self._open = [self.calls]
        self._makers = {}

    def enter(self, layer: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> SeenCall:
        """Notes that a call begins."""
        call = SeenCall(layer, args, kwargs)
        self._open.append(call.inner)
        return call

    def leave(self, call: SeenCall) -> None:
        """Notes that a call ended."""
        self._open.pop()
        self._open[-1].append(call)
        for tensor in keras.tree.flatten(call.outputs):
            self._makers.setdefault(id(tensor), call)

    def maker(self, tensor: Any) -> SeenCall | None:
        """Returns the innermost call that returned a tensor, None if no layer did."""
        return self._makers.get(id(tensor))

    def original(self, layer: Any) -> Any:
        """Returns the layer that a copy stands for; every other layer itself."""
        return self.originals.get(id(layer), layer)


recorder: Final[contextvars.ContextVar[Recorder | None]] = contextvars.ContextVar("typedlayers_recorder", default=None)
"""The recorder of this context, None while nothing is written down."""


@contextlib.contextmanager
def noting(args: Any) -> Iterator[None]:
    """Writes down what a layer of the user's calls on Keras tensors, so that its layers know where theirs came from."""
    symbolic = any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(args))
    if not symbolic or recorder.get() is not None:
        yield
        return
    token = recorder.set(Recorder())
    try:
        yield
    finally:
        recorder.reset(token)
