"""Values that are looked up: whether all of them are ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from typedlayers.facts.arrays import Numbers


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
    if numbers is None or numbers.kind == "b":
        return None
    missing, infinite = numbers.lost
    if infinite:
        return None
    low, high = numbers.finite_ends or (0.0, 0.0)
    return IdFacts(low, high, numbers.fraction, _rounded(numbers, dtype, max(-low, high)), missing)


def _rounded(numbers: Numbers, dtype: str | None, largest: float) -> tuple[int, int] | None:
    """The first whole number that changes in a dtype of floats, with what it becomes."""
    bits = EXACT_BITS.get(dtype or "")
    if bits is None or largest <= 2**bits:
        return None
    array = numbers.array[~np.isnan(numbers.array)] if numbers.lost[0] else numbers.array
    became = array.astype(dtype).astype(array.dtype)
    changed = np.flatnonzero(became != array)
    if not changed.size:
        return None
    return int(array.flat[changed[0]]), int(became.flat[changed[0]])
