"""A repair as ops on a tensor: in a traced graph, eagerly, or on a Keras tensor (where each op is a node)."""

from __future__ import annotations

from typing import Any

import keras

from typedlayers.diagnostics.model import Repair


def apply(repair: Repair, x: Any) -> Any:
    """Returns the repaired tensor.

    Args:
        repair: what to do.
        x: a tensor, a Keras tensor or an array, of shape ``(batch, ...)``.

    Raises:
        ValueError: if there is no such repair.
    """
    ops = keras.ops
    match repair.kind:
        case "cast":
            return ops.cast(x, repair.dtype)
        case "rescale":
            scaled = ops.multiply(ops.cast(x, repair.dtype), repair.scale)
            return ops.add(scaled, repair.offset) if repair.offset else scaled
        case "flatten":
            return _flatten(x)
        case "expand_dims":
            return ops.expand_dims(x, axis=repair.axis)
        case "squeeze":
            return ops.squeeze(x, axis=repair.axis)
    raise ValueError(f"there is no repair {repair.kind!r}; there are cast, rescale, flatten, expand_dims, squeeze")


def _flatten(x: Any) -> Any:
    """``(batch, ...)`` → ``(batch, product)``, also for an unknown batch size.

    >>> import numpy as np
    >>> apply(Repair("flatten"), np.zeros((2, 3, 4))).shape
    TensorShape([2, 12])
    """
    total = 1
    for size in x.shape[1:]:
        if size is None:
            return keras.layers.Flatten()(x)
        total *= size
    return keras.ops.reshape(x, (-1, total))
