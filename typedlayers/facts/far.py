"""Values that lie on an accelerator: they are reduced there, and a few numbers come to the host."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import CLOSELY, Numbers
from typedlayers.facts.noise import middles

HEAD: Final = 1 << 16
"""Values of the first samples that may be copied to the host, beside one whole sample."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """What one pass over a tensor gives.

    Attributes:
        low: the least value, finite if one is.
        high: the greatest value, finite if one is.
        least: the least value of all that are not NaN.
        most: the greatest value of all that are not NaN.
        nan: how many values are NaN.
        infinite: how many values are infinite.
        whole: whether every value but NaN is whole.
    """

    low: float
    high: float
    least: float
    most: float
    nan: int
    infinite: int
    whole: bool


class Far(ABC):
    """A tensor of numbers on an accelerator. Each method computes there and copies only its result."""

    __slots__ = ("dtype", "shape")

    shape: tuple[int, ...]
    dtype: str  # its name

    @abstractmethod
    def __getitem__(self, places: Any) -> Far:
        """Returns a part of it, cut where it lies."""

    @abstractmethod
    def host(self) -> np.ndarray[Any, Any]:
        """Returns all values on the host."""

    @abstractmethod
    def reduced(self) -> Reduced:
        """Returns what one pass over it gives."""

    @abstractmethod
    def along(self, axis: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Returns the least and the greatest value at each place of an axis."""

    @abstractmethod
    def are_all(self, low: float, high: float) -> bool:
        """Returns True if there is no third value."""

    @abstractmethod
    def fraction(self) -> float:
        """Returns the first value that is not whole."""


class FarNumbers(Numbers):
    """Numbers on an accelerator. Only what a rule looks at one by one comes to the host."""

    __slots__ = ("_far", "_head", "_reduced")

    def __init__(self, far: Far) -> None:
        """Takes a tensor on an accelerator."""
        self._array: np.ndarray[Any, Any] | None = None
        self._ends: tuple[float, float] | None = None
        self._far = far
        self._head: np.ndarray[Any, Any] | None = None
        self._reduced: Reduced | None = None

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """All values, copied to the host: for targets that are read row by row."""
        if self._array is None:
            self._array = self._far.host()
        return self._array

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes."""
        return self._far.shape

    @property
    def kind(self) -> str:
        """The kind of NumPy's dtype."""
        return "f" if "float" in self._far.dtype else self._far.dtype[0]

    @property
    def is_double(self) -> bool:
        """Whether the values are of float64."""
        return self._far.dtype == "float64"

    @property
    def reduced(self) -> Reduced:
        """What one pass over all of them gives; made once."""
        if self._reduced is None:
            self._reduced = self._far.reduced()
        return self._reduced

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value; both NaN if there is one among them."""
        return (math.nan, math.nan) if self.reduced.nan else (self.reduced.least, self.reduced.most)

    @property
    def lost(self) -> tuple[int, int]:
        """How many values are NaN, and how many infinite."""
        return self.reduced.nan, self.reduced.infinite

    @property
    def finite_ends(self) -> tuple[float, float] | None:
        """The least and the greatest finite value, None if there is none."""
        return (self.reduced.low, self.reduced.high) if sum(self.lost) < self.size else None

    @property
    def fraction(self) -> float | None:
        """The first finite value that is not whole, None if all are."""
        return None if self.reduced.whole else self._far.fraction()

    @property
    def head(self) -> np.ndarray[Any, Any]:
        """The first samples, one at least."""
        if self._head is None:
            samples = self.shape[0] if self.shape else 1
            fit = max(1, HEAD * samples // max(1, self.size))
            self._head = (self._far[:fit] if self.shape else self._far).host()
        return self._head

    @property
    def near(self) -> np.ndarray[Any, Any]:
        """The values that are looked at closely."""
        return self.head.reshape(-1)[:CLOSELY]

    @property
    def pictures(self) -> np.ndarray[Any, Any]:
        """The middle of the first pictures."""
        return self._far[middles(self.shape)].host() if len(self.shape) == 4 else self.head

    def along(self, axis: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Returns the least and the greatest value at each place of an axis."""
        lows, highs = self._far.along(axis)
        return tuple(lows.tolist()), tuple(highs.tolist())

    def are_all(self, *values: float) -> bool:
        """Returns True if there is no value but these."""
        return self._far.are_all(min(values), max(values))
