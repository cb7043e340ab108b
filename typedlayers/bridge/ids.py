"""Arrays and tensors → facts of values that a table looks up."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from typedlayers.checker.ids import IdFacts

EXACT_BITS: Final = {"bfloat16": 8, "float16": 11, "float32": 24, "float64": 53}
"""Bits of a whole number that a float dtype holds, whatever the number (IEEE 754, and bfloat16)."""


def id_facts(values: Any, dtype: str | None) -> IdFacts | None:
    """Returns what values are as ids; None if they are no finite numbers, or there are none.

    All of them are looked at: the one id too large is not among the first.

    Args:
        values: an array, or a tensor that has values.
        dtype: the dtype of the input that they go into.
    """
    if values is None:
        return None
    array = np.asarray(values.numpy() if hasattr(values, "numpy") else values)
    if array.size == 0 or array.dtype.kind not in "uif":
        return None
    low, high = float(array.min()), float(array.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    return IdFacts(low, high, _fraction(array), _rounded(array, dtype, max(-low, high)))


def _fraction(array: np.ndarray[Any, Any]) -> float | None:
    if array.dtype.kind != "f":
        return None
    broken = array[array != np.floor(array)]
    return float(broken[0]) if broken.size else None


def _rounded(array: np.ndarray[Any, Any], dtype: str | None, largest: float) -> tuple[int, int] | None:
    """The first whole number that changes in a dtype of floats, with what it becomes."""
    bits = EXACT_BITS.get(dtype or "")
    if bits is None or largest <= 2**bits:
        return None
    became = array.astype(dtype).astype(array.dtype)
    changed = np.flatnonzero(became != array)
    if not changed.size:
        return None
    return int(array.flat[changed[0]]), int(became.flat[changed[0]])
