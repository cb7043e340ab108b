"""A functional model as the calls that made it, in the order in which Keras runs them.

``Function._nodes_by_depth`` holds the nodes of a model; ``Sequential._functional`` is the functional model inside a
built Sequential. Where an installed Keras lacks them, a model has no calls, and is checked by its layers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


def calls_of(model: Any) -> tuple[Call, ...]:
    """Returns the calls of a functional model in topological order, its inputs left out; none of any other model."""
    graph = functional_of(model)
    if graph is None:
        return ()
    return tuple(
        Call(
            node.operation,
            tuple(node.arguments.args),
            dict(node.arguments.kwargs),
            tuple(node.input_tensors),
            tuple(node.output_tensors),
        )
        for depth in sorted(graph._nodes_by_depth, reverse=True)
        for node in graph._nodes_by_depth[depth]
        if not node.is_input
    )


def consumers(calls: tuple[Call, ...], tensor: Any) -> Iterator[Call]:
    """Yields the calls that take a Keras tensor."""
    for call in calls:
        if any(one is tensor for one in call.inputs):
            yield call


def paths_from(model: Any, tensor: Any, longest: int = 64) -> Iterator[tuple[tuple[Any, Any], ...]]:
    """Yields the ways of a model's input through its layers: each as pairs of an operation and what it gets.

    A model inside the model is gone through as if its layers stood in the outer one. A way ends where the tensor meets
    others (a merge is still on it), or at the model's end.

    Args:
        model: a functional model.
        tensor: one of its inputs.
        longest: how many operations a way has at the most.
    """
    calls = calls_of(model)
    following = list(consumers(calls, tensor))
    if not following or longest <= 0:
        yield ()
    for call in following:
        inner = functional_of(call.operation) if isinstance(call.operation, keras.Model) else None
        if inner is None:
            first = ((call.operation, tensor),)
            if len(call.inputs) != 1 or len(call.outputs) != 1:
                yield first
                continue
            for rest in paths_from(model, call.outputs[0], longest - 1):
                yield first + rest
            continue
        at = next(i for i, one in enumerate(call.inputs) if one is tensor)
        through = paths_from(inner, inner.inputs[at], longest - 1) if at < len(inner.inputs) else iter(((),))
        for way in through:
            ends = len(call.outputs) == 1 and len(call.inputs) == 1
            rest = paths_from(model, call.outputs[0], longest - 1 - len(way)) if ends else iter(((),))
            yield from (way + more for more in rest)
