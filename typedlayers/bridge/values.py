"""Arrays and tensors → facts of their values, looked at on the host with NumPy: XLA is ten times slower at it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from typedlayers.checker.values import ValueFacts

SLICE: Final = 256
"""Samples of an input array that are looked at."""

CLOSELY: Final = 4096
"""Values of them that are looked at closely: whether they are whole numbers."""


def facts_of(values: Any, most: int | None = SLICE) -> ValueFacts | None:
    """Returns what the values of a tensor or array are; None if they are no numbers, or there are none.

    One pass for the least and one for the greatest value: NaN and infinity survive both.

    Args:
        values: an array, or a tensor that has values.
        most: how many samples are looked at; None for all.
    """
    if values is None:
        return None
    part = values if most is None else values[:most]
    array = np.asarray(part.numpy() if hasattr(part, "numpy") else part)
    if array.size == 0 or array.dtype.kind not in "uifb":
        return None
    low, high = float(array.min()), float(array.max())
    near = array.reshape(-1)[:CLOSELY]
    whole = array.dtype.kind in "uib" or bool(np.all(near == np.floor(near)))
    if np.isfinite(low) and np.isfinite(high):
        return ValueFacts(low, high, whole=whole, count=array.size)
    nan, infinite = int(np.isnan(array).sum()), int(np.isinf(array).sum())
    finite = array[np.isfinite(array)]
    if finite.size == 0:
        return ValueFacts(0.0, 0.0, nan, infinite, count=array.size)
    return ValueFacts(float(finite.min()), float(finite.max()), nan, infinite, whole, array.size)
