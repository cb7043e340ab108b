"""Where a Keras tensor comes from, further back than the layer that gave it.

``KerasTensor._keras_history`` names the operation, ``Operation._inbound_nodes`` its calls. Where an installed Keras
lacks them, nothing is known.
"""

from __future__ import annotations

from typing import Any, Final

from typedlayers.catalogue import contract_named
from typedlayers.contracts.contract import Positions

FARTHEST: Final = 16
"""How many layers are gone back through."""


def last_step_of(value: Any) -> str | None:
    """Returns the recurrent layer whose last step a Keras tensor is, in the user's names; None if it is none.

    What computes each position by itself, such as Dropout or Dense, is gone through.
    """
    for _ in range(FARTHEST):
        history: Any = getattr(value, "_keras_history", None)
        operation = getattr(history, "operation", None)
        if operation is None or history.tensor_index != 0:
            return None
        if getattr(operation, "return_sequences", None) is False:
            return f'{type(operation).__name__} "{operation.name}"'
        contract = contract_named(type(operation).__name__)
        nodes: Any = getattr(operation, "_inbound_nodes", ())
        if contract is None or contract.positions is not Positions.APART or history.node_index >= len(nodes):
            return None
        came = nodes[history.node_index].input_tensors
        if len(came) != 1 or len(came[0].shape) != len(value.shape):
            return None
        value = came[0]
    return None
