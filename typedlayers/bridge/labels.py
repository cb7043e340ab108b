"""Target arrays → what is seen of their values, on the host with NumPy."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from typedlayers.checker.labels import Rows, Seen

CLOSELY: Final = 4096
"""Values that are looked at closely: whether they are whole, how many there are of them, what their rows hold."""


def seen_of(values: Any, *, ignore: int | None = None, weighted: bool = False) -> Seen | None:
    """Returns what is seen of targets; None if they are no numbers, or there are none.

    Args:
        values: an array, or a tensor that has values.
        ignore: a class that the loss ignores.
        weighted: whether sample weights or a mask may take some of them out.
    """
    if values is None:
        return None
    array = np.asarray(values.numpy() if hasattr(values, "numpy") else values)
    if array.dtype.kind not in "uifb":
        return None
    if ignore is not None:
        array = array[array != ignore]
    if array.size == 0:
        return None
    near = array.reshape(-1)[:CLOSELY]
    finite = near[np.isfinite(near)]
    few = np.unique(near)
    if len(few) == Seen.FEW and array.size > near.size and not np.isin(array, few).all():
        few = near
    return Seen(
        float(array.min()),
        float(array.max()),
        whole=bool(np.all(finite == np.floor(finite))),
        few=tuple(float(value) for value in few) if len(few) == Seen.FEW else (),
        rows=_rows(array),
        zeros=bool((near == 0).any()),
        weighted=weighted,
    )


def _rows(array: np.ndarray) -> Rows:
    """What the rows of the last axis hold, as far as they were looked at closely."""
    if array.ndim < 2 or array.shape[-1] < 2:
        return Rows.OTHER
    width = array.shape[-1]
    near = array.reshape(-1, width)[: max(1, CLOSELY // width)]
    if not np.isin(near, (0, 1)).all():
        return Rows.OTHER
    sums = near.sum(axis=-1)
    if (sums == 1).all():
        return Rows.ONE_HOT
    return Rows.MULTI_HOT if sums.max() > 1 else Rows.OTHER
