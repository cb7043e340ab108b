"""What is seen of the values of targets."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import CLOSELY, Numbers


class Rows(enum.Enum):
    """What the rows along the last axis hold."""

    ONE_HOT = "one 1 each"
    MULTI_HOT = "several 1s in some"
    SINGLE = "at most one number that is not 0 each"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of the values of targets.

    Attributes:
        low: the least value; NaN if there is one among them.
        high: the greatest value; NaN if there is one among them.
        whole: whether those that were looked at closely are whole numbers.
        few: the distinct values of those, if they are two; else empty.
        weighted: whether sample weights or a mask may take some of them out.
        near: those that were looked at closely, the finite ones.
        array: all of them, or the first samples of those that lie elsewhere; None if none are at hand.
    """

    low: float
    high: float
    whole: bool
    few: tuple[float, ...] = ()
    weighted: bool = False
    near: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(0), compare=False, repr=False)
    array: np.ndarray[Any, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def rows(self) -> Rows:
        """What the rows hold."""
        table = _table(self.array)
        return Rows.OTHER if table is None else _rows(table)

    @property
    def zeros(self) -> bool:
        """Whether 0 is among the values that were looked at closely."""
        return bool((self.near == 0).any())

    @property
    def first(self) -> bool:
        """Whether the first column holds something else than 0, as far as it was looked at closely."""
        table = _table(self.array)
        return table is not None and bool(table[:, 0].any())

    def share_outside(self, low: float, high: float) -> float:
        """Returns the share of the values outside of a range, as far as they were looked at closely; else 1."""
        return float(((self.near < low) | (self.near > high)).mean()) if self.near.size else 1.0

    @property
    def finite(self) -> bool:
        """Whether every value is a finite number."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def binary(self) -> bool:
        """Whether every value is 0 or 1."""
        return self.whole and self.low >= 0 and self.high <= 1

    @property
    def bytes(self) -> bool:
        """Whether the values look like those of an image file: 0 and 255, or whole numbers up to 255."""
        return self.few == (0, 255) or (self.whole and self.low >= 0 and 64 <= self.high <= 255)

    def __str__(self) -> str:
        if self.few:
            return " and ".join(f"{value:g}" for value in self.few)
        return f"{self.low:g}..{self.high:g}"


def labels_of(numbers: Numbers | None, *, ignore: int | None, weighted: bool) -> Seen | None:
    """Returns what is seen of targets: the ends of all of them, the rest of those that are looked at closely.

    Args:
        numbers: the targets, None if they are no numbers.
        ignore: a class that the loss ignores.
        weighted: whether sample weights or a mask may take some of them out.
    """
    kept = None if numbers is None else _without(numbers, ignore)
    if kept is None:
        return None
    low, high = kept.computed_ends
    near = kept.computed_near
    finite = near if kept.finite else near[np.isfinite(near)]
    few = (low, high) if _are_two(kept) else ()
    return Seen(
        low,
        high,
        whole=_are_whole(finite, few),
        few=few,
        weighted=weighted,
        near=finite,
        array=kept.head,
    )


def _are_whole(finite: np.ndarray[Any, Any], few: tuple[float, ...]) -> bool:
    if finite.dtype.kind in "uib":
        return True
    if few:  # no others are near
        return all(value.is_integer() or math.isinf(value) for value in few)
    return bool((finite == np.floor(finite)).all())


def _without(numbers: Numbers, ignore: int | None) -> Numbers | None:
    """The values without those of a class that is ignored, None if nothing is left."""
    low, high = numbers.ends
    if ignore is None or low > ignore or high < ignore:
        return numbers
    array = numbers.array[numbers.array != ignore]
    return Numbers(array) if array.size else None


_AT_FIRST: Final = 16
"""Values of which one is a third mostly."""


def _are_two(numbers: Numbers) -> bool:
    """Whether there are two distinct values, and both of them near; nothing is made of 0 and 1 that needs all."""
    near, (low, high) = numbers.near, numbers.ends
    if not low < high or not set(near[:_AT_FIRST].tolist()) <= {low, high}:
        return False
    least, most = map(near.dtype.type, (low, high))
    lows, highs = np.count_nonzero(near == least), np.count_nonzero(near == most)
    if not (lows and highs and lows + highs == near.size):
        return False
    adjacent = numbers.kind in "uib" and high - low == 1
    if adjacent or (low, high) == (0, 1) or numbers.size <= CLOSELY:
        return True
    return numbers.are_all(low, high)


def _table(array: np.ndarray[Any, Any] | None) -> np.ndarray[Any, Any] | None:
    """The rows of the last axis that are looked at closely, None of a single column."""
    if array is None or array.ndim < 2 or array.shape[-1] < 2:
        return None
    width = array.shape[-1]
    some = array[: 1 + CLOSELY * len(array) // array.size]  # so that no more is copied than is looked at
    return some.reshape(-1, width)[: max(1, CLOSELY // width)]


def _rows(table: np.ndarray[Any, Any]) -> Rows:
    if not ((table == 0) | (table == 1)).all():
        return Rows.SINGLE if np.count_nonzero(table, axis=-1).max() <= 1 else Rows.OTHER
    sums = np.add.reduce(table, axis=-1, dtype=_SUMS.get(table.dtype.kind))
    if (sums == 1).all():
        return Rows.ONE_HOT
    return Rows.MULTI_HOT if sums.max() > 1 else Rows.OTHER


_SUMS = {"b": np.int64, "i": np.int64, "u": np.int64, "f": np.float32}
"""By kind of dtype, the dtype that 0 and 1 are added in."""
