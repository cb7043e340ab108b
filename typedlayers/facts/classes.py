"""Classes of samples, and where among the samples they occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from typedlayers.facts.arrays import CLOSELY, Numbers


@dataclass(frozen=True, slots=True)
class LateClass:
    """A class that occurs only in the last part of the targets, or mostly there.

    Attributes:
        id: the class.
        count: how often it occurs.
        classes: how many classes there are in all.
        early: how often it occurs before.
    """

    id: int
    count: int
    classes: int
    early: int = 0


def late_of(numbers: Numbers | None, cut: int) -> tuple[LateClass, ...] | None:
    """Returns the classes that do not occur before a sample; None if the values are no class for each sample.

    Of targets sorted by three or more classes also the one that occurs less before that sample than after it.

    Args:
        numbers: the targets, None if they are no numbers.
        cut: the first sample of the last part.
    """
    ids = None if numbers is None else _class_of_each(numbers)
    if ids is None or not 0 < cut < len(ids):
        return None
    late, counts = _counted(ids[cut:])
    divided = _divided(ids, cut, len(late))
    if np.isin(late, ids[: min(cut, CLOSELY)]).all():
        return () if divided is None else (divided,)
    early, _ = _counted(ids[:cut])
    new = ~np.isin(late, early)
    classes = len(early) + int(np.count_nonzero(new))
    whole = [LateClass(int(one), int(count), classes) for one, count in zip(late[new], counts[new], strict=True)]
    return (*whole, *(() if divided is None else (divided,)))


FEWEST: Final = 3
"""Classes of which each is one run only if the targets are sorted: two may be a time before something and one after."""


def _divided(ids: np.ndarray[Any, Any], cut: int, late: int) -> LateClass | None:
    """The class that lies on both sides of a sample, mostly behind it, in targets where each class is one run."""
    if ids[cut - 1] != ids[cut] or _runs(ids[cut:]) > late:
        return None
    runs = _runs(ids)
    if runs < FEWEST or runs > len(_counted(ids)[0]):
        return None
    early, after = (int(np.count_nonzero(part == ids[cut])) for part in (ids[:cut], ids[cut:]))
    return LateClass(int(ids[cut]), early + after, runs, early) if early < after else None


def _runs(ids: np.ndarray[Any, Any]) -> int:
    return 1 + int(np.count_nonzero(ids[1:] != ids[:-1]))


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
