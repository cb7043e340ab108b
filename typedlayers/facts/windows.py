"""Targets that stand in their own windows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

WINDOWS: Final = 64
"""Windows that are compared with their targets."""


def found_in(windows: np.ndarray[Any, Any] | None, targets: np.ndarray[Any, Any] | None) -> int | None:
    """Returns the step of overlapping windows at which each target stands, None if there is none.

    Args:
        windows: windows (samples, steps, features), each of which begins a step after the one before.
        targets: a value or a row of features for each.
    """
    if windows is None or targets is None or windows.ndim != 3 or len(windows) < 4 or windows.shape[1] < 2:
        return None
    windows, targets = windows[:WINDOWS], targets[:WINDOWS]
    if len(targets) != len(windows) or not np.array_equal(windows[1:, :-1], windows[:-1, 1:]):
        return None
    targets = targets.reshape(len(targets), -1)
    if targets.shape[1] not in (1, windows.shape[2]) or (targets == targets[0]).all():
        return None
    same = (windows == targets[:, None, :]).all(axis=0)  # steps, features
    found = np.flatnonzero(same.any(axis=1) if targets.shape[1] == 1 else same.all(axis=1))
    return int(found[0]) if found.size else None
