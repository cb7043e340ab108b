"""Values that are looked up: whether all of them are ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import AT_ONCE, Numbers


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What was seen of values that are looked up.

    Attributes:
        low: the least value.
        high: the greatest value.
        fraction: a value that is not whole, None if all are.
        rounded: a whole number that the input's dtype does not hold, and what it becomes; None if it holds all.
        missing: how many of them are NaN, which the others' facts leave out.
    """

    low: float
    high: float
    fraction: float | None = None
    rounded: tuple[int, int] | None = None
    missing: int = 0


NAN_AS_ID: Final = (-(2.0**31), -(2.0**63))
"""What NaN becomes where it is cast to int32 or int64: the least number of that dtype."""

EXACT_BITS: Final = {"bfloat16": 8, "float16": 11, "float32": 24, "float64": 53}
"""Bits of a whole number that a float dtype holds, whatever the number (IEEE 754, and bfloat16)."""


def ids_of(numbers: Numbers | None, dtype: str | None) -> IdFacts | None:
    """Returns what values are as ids; None if some are infinite. All of them: the id too large is not among the first.

    Args:
        numbers: the values, None if they are no numbers.
        dtype: the dtype of the input that they go into.
    """
    if numbers is None or numbers.array.dtype.kind == "b":
        return None
    array, (low, high), missing = numbers.array, numbers.ends, 0
    if np.isnan(low):
        missing = int(np.isnan(array).sum())
        array = array[~np.isnan(array)]
        low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    return IdFacts(low, high, _fraction(array), _rounded(array, dtype, max(-low, high)), missing)


def _fraction(array: np.ndarray[Any, Any]) -> float | None:
    if array.dtype.kind != "f":
        return None
    flat = array.reshape(-1)
    for start in range(0, flat.size, AT_ONCE):
        part = flat[start : start + AT_ONCE]
        broken = part != np.floor(part)
        if broken.any():
            return float(part[broken][0])
    return None


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
