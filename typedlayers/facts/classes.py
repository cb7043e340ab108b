"""Classes of samples, and where among the samples they occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import CLOSELY, Numbers


@dataclass(frozen=True, slots=True)
class LateClass:
    """A class that occurs only in the last part of the targets.

    Attributes:
        id: the class.
        count: how often it occurs.
        classes: how many classes there are in all.
    """

    id: int
    count: int
    classes: int


def late_of(numbers: Numbers | None, cut: int) -> tuple[LateClass, ...] | None:
    """Returns the classes that do not occur before a sample; None if the values are no class for each sample.

    Args:
        numbers: the targets, None if they are no numbers.
        cut: the first sample of the last part.
    """
    ids = None if numbers is None else _class_of_each(numbers)
    if ids is None or not 0 < cut < len(ids):
        return None
    late, counts = _counted(ids[cut:])
    if np.isin(late, ids[: min(cut, CLOSELY)]).all():
        return ()
    early, _ = _counted(ids[:cut])
    new = ~np.isin(late, early)
    classes = len(early) + int(np.count_nonzero(new))
    return tuple(LateClass(int(one), int(count), classes) for one, count in zip(late[new], counts[new], strict=True))


MANY: Final = 1 << 16
"""Classes that are counted in a table of their own; more of them are sorted, which takes twenty times as long."""


def _counted(ids: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The distinct classes, and how often each occurs."""
    low, high = ids.min(), ids.max()
    if float(high) - float(low) >= MANY:
        return np.unique(ids, return_counts=True)
    counts = np.bincount(ids.astype("int64") - int(low))
    used = np.flatnonzero(counts)
    return used + int(low), counts[used]


def _class_of_each(numbers: Numbers) -> np.ndarray[Any, Any] | None:
    """One class id for each sample, of ids or of one-hot rows."""
    array, (low, high) = numbers.array, numbers.ends
    if array.ndim == 2 and array.shape[1] > 1:
        binary = low == 0 and high == 1 and bool(((array == 0) | (array == 1)).all())
        return array.argmax(axis=1) if binary and bool((array.sum(axis=1) == 1).all()) else None
    if array.ndim > 2:
        return None
    ids = array.reshape(-1)
    if ids.dtype.kind == "f" and not (numbers.finite and (ids == np.floor(ids)).all()):
        return None
    return ids
