"""A functional model as the calls that made it, in the order in which Keras runs them.

``Function._nodes_by_depth`` holds the nodes of a model; ``Sequential._functional`` is the functional model inside a
built Sequential. Where an installed Keras lacks them, a model has no calls, and is checked by its layers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import keras


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer or an op in a functional model.

    Attributes:
        operation: the layer or op.
        args: positional arguments, Keras tensors among them.
        kwargs: keyword arguments.
        inputs: the Keras tensors among the arguments.
        outputs: the Keras tensors that the call gave.
    """

    operation: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]


def functional_of(model: Any) -> Any:
    """Returns the functional model that a model is or holds, None if it has none (yet)."""
    inner = getattr(model, "_functional", None) if isinstance(model, keras.Sequential) else model
    return inner if getattr(inner, "_nodes_by_depth", None) is not None else None


_calls: Final[WeakKeyDictionary[Any, tuple[Call, ...]]] = WeakKeyDictionary()
_consumers: Final[WeakKeyDictionary[Any, Consumers]] = WeakKeyDictionary()
"""What was read of a functional model, for as long as it lives or until a layer is put in front of it."""


def forget_graph(graph: Any) -> None:
    """Drops what was read of a functional model, since its graph is another one now."""
    _calls.pop(graph, None)
    _consumers.pop(graph, None)


def calls_of(model: Any) -> tuple[Call, ...]:
    """Returns the calls of a functional model in topological order, its inputs left out; none of any other model."""
    graph = functional_of(model)
    if graph is None:
        return ()
    found = _calls.get(graph)
    if found is None:
        found = _calls[graph] = tuple(_read(graph))
    return found


def _read(graph: Any) -> Iterator[Call]:
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            if not node.is_input:
                given = node.arguments
                taken, gave = tuple(node.input_tensors), tuple(node.output_tensors)
                yield Call(node.operation, tuple(given.args), dict(given.kwargs), taken, gave)


def consumers_of(model: Any) -> Consumers:
    """Returns who takes each Keras tensor of a functional model."""
    graph = functional_of(model)
    if graph is None:
        return Consumers(())
    found = _consumers.get(graph)
    if found is None:
        found = _consumers[graph] = Consumers(calls_of(graph))
    return found


class Consumers:
    """Who takes each Keras tensor of a functional model."""

    def __init__(self, calls: tuple[Call, ...]) -> None:
        self._by_tensor: dict[int, list[Call]] = {}
        for call in calls:
            for tensor in {id(one): one for one in call.inputs}.values():
                self._by_tensor.setdefault(id(tensor), []).append(call)

    def of(self, tensor: Any) -> list[Call]:
        """Returns the calls that take a tensor, in the order in which Keras runs them."""
        return self._by_tensor.get(id(tensor), [])


Step = tuple[Any, Any]
"""An operation, and the Keras tensor that it gets."""


def paths_from(model: Any, tensor: Any, longest: int = 64) -> Iterator[tuple[Step, ...]]:
    """Yields the ways of a model's input through its layers: each as pairs of an operation and what it gets.

    A model inside the model is gone through as if its layers stood in the outer one. A way ends where the tensor meets
    others (a merge is still on it), or at the model's end.

    Args:
        model: a functional model.
        tensor: one of its inputs.
        longest: how many operations a way has at the most.
    """
    yield from _paths(consumers_of(model), tensor, longest)


def _paths(graph: Consumers, tensor: Any, longest: int) -> Iterator[tuple[Step, ...]]:
    following = graph.of(tensor)
    if not following or longest <= 0:
        yield ()
        return
    for call in following:
        alone = len(call.inputs) == 1 and len(call.outputs) == 1
        for way in _through(call, tensor, longest):
            rest = _paths(graph, call.outputs[0], longest - len(way)) if alone else iter(((),))
            yield from (way + more for more in rest)


def _through(call: Call, tensor: Any, longest: int) -> Iterator[tuple[Step, ...]]:
    """The ways of a tensor through one call: itself, or those through the model that is called."""
    inner = functional_of(call.operation) if isinstance(call.operation, keras.Model) else None
    at = next(i for i, one in enumerate(call.inputs) if one is tensor)
    if inner is None:
        yield ((call.operation, tensor),)
    elif at < len(inner.inputs):
        yield from _paths(consumers_of(inner), inner.inputs[at], longest - 1)
    else:
        yield ()
