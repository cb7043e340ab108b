"""What the rows along the last axis of targets are, all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import AT_ONCE, Numbers


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was seen of the rows along the last axis of targets.

    Attributes:
        count: how many rows were looked at.
        one_hot: whether each holds one 1, and 0 elsewhere.
        empty: how many hold nothing but 0, if the others hold one 1.
        first: whether the first column holds something else than 0.
        used: how many columns hold something else than 0.
        most: the greatest sum of a row.
        beyond: the share of rows that sum to clearly more than 1.
    """

    count: int
    one_hot: bool
    empty: int
    first: bool
    used: int
    most: float
    beyond: float


MANY: Final = 2**22
"""Values of maps or sequences whose rows are looked at; of a table every row is."""

CLEARLY_MORE: Final = 1.2
"""The sum of a row that noise does not make of 1."""


def rows_of(numbers: Numbers | None) -> RowFacts | None:
    """Returns what rows are; None if they are no finite numbers, or of one column."""
    if numbers is None or numbers.array.ndim < 2 or numbers.array.shape[-1] < 2 or not numbers.finite:
        return None
    array, (low, high) = numbers.array, numbers.ends
    width = array.shape[-1]
    table = array if array.ndim == 2 else array.reshape(-1, width)[: max(1, MANY // width)]
    at_once = max(1, AT_ONCE // width)
    parts = [_part(table[start : start + at_once]) for start in range(0, len(table), at_once)]
    sums = np.concatenate([part.sums for part in parts])
    if not np.isfinite(sums).all():
        return None
    columns, filled = np.any([part.columns for part in parts], axis=0), sum(part.filled for part in parts)
    ones = sums == 1
    empty = len(sums) - int(np.count_nonzero(ones))
    # of numbers 0..1 a row of sum 1 has one that is not 0 at least; if no row has a second, it is 1
    single = low >= 0 and high <= 1 and bool((ones | (sums == 0)).all()) and filled == len(sums) - empty
    return RowFacts(
        count=len(table),
        one_hot=single and not empty,
        empty=empty if single else 0,
        first=bool(columns[0]),
        used=int(columns.sum()),
        most=float(sums.max()),
        beyond=float((sums > CLEARLY_MORE).mean()) if low >= 0 or table.min() >= 0 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the rows: their sums, which columns are used, how many values are not 0."""

    sums: np.ndarray[Any, Any]
    columns: np.ndarray[Any, Any]
    filled: int


def _part(table: np.ndarray[Any, Any]) -> _Part:
    filled = table != 0
    # a product with ones is several times faster than a sum along a short axis
    sums = np.asarray(table, "float64") @ np.ones(table.shape[1])
    return _Part(sums, filled.any(axis=0), int(np.count_nonzero(filled)))
