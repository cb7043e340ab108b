"""What an array of objects holds that are arrays: rows of unequal length, pictures of unequal size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

MOST: Final = 4096
"""Objects that are looked at."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The lists or arrays that an array of objects holds.

    Attributes:
        rank: how many axes each of them has.
        shapes: their different shapes.
        ids: the least and the greatest number in them, if all are whole; else None.
    """

    rank: int
    shapes: frozenset[tuple[int, ...]]
    ids: tuple[int, int] | None = None


def parts_of(given: Any) -> Parts | None:
    """Returns what the lists or arrays in an array are; None if it holds others too, or of other ranks.

    >>> parts_of(np.array([[1, 4], [2]], dtype=object)).ids
    (1, 4)
    """
    if not isinstance(given, np.ndarray) or given.dtype != object or given.ndim != 1 or not len(given):
        return None
    if not all(isinstance(one, list | tuple | np.ndarray) for one in given[:MOST]):
        return None
    try:
        found = [np.asarray(one) for one in given[:MOST]]
    except ValueError:
        return None
    ranks = {one.ndim for one in found}
    if len(ranks) != 1 or any(one.dtype.kind not in "biuf" for one in found if one.size):
        return None
    return Parts(ranks.pop(), frozenset(one.shape for one in found), _ids(found))


def are_numbers(given: Any) -> bool:
    """Returns True for an array of objects all of which are numbers or booleans, as far as they are looked at.

    >>> are_numbers(np.array([[1, True], [2.5, 0]], dtype=object)), are_numbers(np.array(["a", 1], dtype=object))
    (True, False)
    """
    if not isinstance(given, np.ndarray) or given.dtype != object or not given.size:
        return False
    return all(isinstance(one, int | float | np.number | np.bool_) for one in given.flat[:MOST])


def are_texts(given: Any) -> bool:
    """Returns True for an array or pandas column of objects all of which are texts, as far as they are looked at.

    >>> are_texts(np.array(["a", "b"], dtype=object)), are_texts(np.array(["a", 1], dtype=object))
    (True, False)
    """
    array = given.to_numpy() if hasattr(given, "iloc") else given
    if not isinstance(array, np.ndarray) or array.dtype != object or not array.size:
        return False
    return all(isinstance(one, str) for one in array.flat[:MOST])


def _ids(found: list[np.ndarray[Any, Any]]) -> tuple[int, int] | None:
    filled = [one for one in found if one.size]
    if not filled or any(one.dtype.kind not in "iu" for one in filled):
        return None
    return min(int(one.min()) for one in filled), max(int(one.max()) for one in filled)
