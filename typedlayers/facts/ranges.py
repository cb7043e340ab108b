"""Ranges of values, and the numbers among them that are not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import CLOSELY, Numbers
from typedlayers.spec import Range, RangeClass

HALF_MOST: Final = 65504.0
"""The greatest finite float16 (IEEE 754 binary16)."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many values are not finite numbers.

    Attributes:
        nan: how many values are not a number.
        infinite: how many values are infinite.
        count: how many values there are.
    """

    nan: int
    infinite: int
    count: int


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """The range of the first samples of one tensor.

    Attributes:
        low: the least finite value.
        high: the greatest finite value.
        nan: how many values are not a number.
        infinite: how many values are infinite.
        whole: whether the values that were looked at closely are whole numbers.
        count: how many values were looked at.
        noise: whether they are images whose pixels have nothing to do with their neighbours, where that is recorded.
    """

    low: float
    high: float
    nan: int = 0
    infinite: int = 0
    whole: bool = True
    count: int = 0
    noise: bool = False

    @property
    def finite(self) -> bool:
        """True if every value is a finite number."""
        return not (self.nan or self.infinite)

    def joined(self, other: ValueFacts) -> ValueFacts:
        """Returns what was seen of two batches together."""
        return ValueFacts(
            min(self.low, other.low),
            max(self.high, other.high),
            self.nan + other.nan,
            self.infinite + other.infinite,
            whole=self.whole and other.whole,
            count=max(self.count, other.count),
            noise=self.noise and other.noise,
        )

    @property
    def family(self) -> RangeClass:
        """The class of range that the values belong to."""
        return Range(self.low, self.high).family

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """The range of each channel of the first images of three channels.

    Attributes:
        lows: the least value of each.
        highs: the greatest value of each.
        levels: how many distinct values the channel with the most of them has, as far as they were looked at closely.
    """

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    levels: int


def range_of(numbers: Numbers | None) -> ValueFacts | None:
    """Returns the range of values."""
    if numbers is None:
        return None
    near = numbers.computed_near
    whole = numbers.kind in "uib" or bool((near == np.floor(near)).all())
    if numbers.finite:
        return ValueFacts(*numbers.computed_ends, whole=whole, count=numbers.size)
    ends = numbers.finite_ends
    if ends is None:
        return ValueFacts(0.0, 0.0, *numbers.lost, count=numbers.size)
    return ValueFacts(*ends, *numbers.lost, whole, numbers.size)


def gaps_of(numbers: Numbers | None) -> Gaps | None:
    """Returns how many values are not finite numbers."""
    return None if numbers is None else Gaps(*numbers.lost, numbers.size)


def levels_of(numbers: Numbers | None) -> int:
    """Returns how many distinct finite values there are that are not 0, among those that are looked at closely."""
    if numbers is None:
        return 0
    near = numbers.head.reshape(-1)
    near = near[np.isfinite(near) & (near != 0)][:CLOSELY]
    return len(np.unique(near))


def channels_of(numbers: Numbers | None, axis: int) -> ChannelFacts | None:
    """Returns the range of each channel; None if they are not three, or not finite."""
    if numbers is None or len(numbers.shape) != 4 or numbers.shape[axis] != 3 or not numbers.finite:
        return None
    parts: list[np.ndarray[Any, Any]] = [np.take(numbers.head, index, axis=axis).reshape(-1) for index in range(3)]
    return ChannelFacts(*numbers.along(axis), levels=max(len(np.unique(part[:CLOSELY])) for part in parts))
