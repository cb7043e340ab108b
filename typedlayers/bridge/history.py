"""Where a tensor comes from: the layer that gave it, and those before.

``KerasTensor._keras_history`` names the operation, ``Operation._inbound_nodes`` its calls; where an installed Keras
lacks them, nothing is known. Of other tensors a dry run knows it (``bridge.recording``).
"""

from __future__ import annotations

from typing import Any, Final

import keras

from typedlayers.bridge.backend import lacks_values
from typedlayers.bridge.recording import recorder
from typedlayers.catalogue import contract_named
from typedlayers.contracts.contract import Positions, Values

FARTHEST: Final = 16
"""How many layers are gone back through."""


def last_step_of(value: Any) -> str | None:
    """Returns the recurrent layer whose last step a tensor is, in the user's names; None if it is none.

    What computes each position by itself, such as Dropout or Dense, is gone through.
    """
    for _ in range(FARTHEST):
        operation, came = call_of(value)
        if operation is None or getattr(getattr(value, "_keras_history", None), "tensor_index", 0) != 0:
            return None
        if getattr(operation, "return_sequences", None) is False:
            return f'{type(operation).__name__} "{operation.name}"'
        contract = contract_named(type(operation).__name__)
        if contract is None or contract.positions is not Positions.APART:
            return None
        if len(came) != 1 or len(came[0].shape) != len(value.shape):
            return None
        value = came[0]
    return None


def steps_of(value: Any) -> frozenset[int]:
    """Returns the identities of the tensors whose axis 1 is this one's axis 1, as far back as that is sure.

    So the weights of steps are known as such, however they were made: ``Dense(1)`` → ``Flatten()`` → ``Softmax()``.
    """
    found = {id(value)}
    for _ in range(FARTHEST):
        came = _kept_steps(value)
        if came is None:
            break
        found.add(id(came))
        value = came
    return frozenset(found)


def call_of(value: Any) -> tuple[Any, tuple[Any, ...]]:
    """Returns the operation that returned a tensor, and its input tensors; None and none if unknown."""
    notes = recorder.get()
    call = None if notes is None else notes.maker(value)
    if notes is not None and call is not None:
        return notes.original(call.layer), tuple(filter(lacks_values, keras.tree.flatten([call.args, call.kwargs])))
    history: Any = getattr(value, "_keras_history", None)
    operation = getattr(history, "operation", None)
    nodes: Any = getattr(operation, "_inbound_nodes", ())
    if not 0 <= getattr(history, "node_index", -1) < len(nodes):
        return operation, ()
    return operation, tuple(nodes[history.node_index].input_tensors)


def _kept_steps(value: Any) -> Any:
    """Returns the input of the layer that returned a tensor, if both have the same axis 1."""
    operation, inputs = call_of(value)
    if len(inputs) != 1:
        return None
    (came,), name = inputs, type(operation).__name__
    rank, before = len(value.shape), len(came.shape)
    if name in ("Flatten", "Reshape", "Squeeze"):
        return came if rank == 2 < before and set(came.shape[2:]) == {1} else None
    if rank != before or getattr(operation, "return_sequences", None) is True:
        return came if rank == before == 3 else None
    contract = contract_named(name)
    if contract is None or contract.positions is not Positions.APART:
        return None
    return came if rank > 2 or contract.values is not Values.WEIGHTED else None


def was_called_symbolically(layer: Any) -> bool:
    """Returns True if a layer is part of a functional model or a built Sequential."""
    return bool(getattr(layer, "_inbound_nodes", ()))
