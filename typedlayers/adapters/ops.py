"""A repair as ops on a tensor: in a traced graph, eagerly, or on a Keras tensor (where each op is a node)."""

from __future__ import annotations

from typing import Any

import keras

from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import kind_of_repair


def apply(repair: Repair, x: Any) -> Any:
    """Returns the repaired tensor.

    Args:
        repair: what to do.
        x: a tensor, a Keras tensor or an array, of shape ``(batch, ...)``.

    Raises:
        ValueError: if there is no such repair.

    >>> import numpy as np
    >>> apply(Repair("flatten"), np.zeros((2, 3, 4))).shape
    TensorShape([2, 12])
    """
    if repair.kind == "flatten" and None in tuple(x.shape[1:]):
        return keras.layers.Flatten()(x)  # a reshape needs all sizes but one
    return kind_of_repair(repair).compute(keras.ops, repair, x)
