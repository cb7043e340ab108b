"""Images without a picture: no pixel is like the one beside it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

ALIKE: Final = 0.8
"""Half the mean square difference of neighbours, as a part of the variance: 1 for noise, below 0.3 for a picture."""

SIDE: Final = 16
"""Pixels along each axis that are compared with their neighbours."""

LEAST: Final = 8
"""Pixels along an axis that tell noise from a picture."""


def middles(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Returns the middle of the first pictures: at their edges there may be nothing but the noise of a camera."""
    return (slice(4), *map(_middle, shape[1:]))


def is_noise(array: np.ndarray[Any, Any]) -> bool:
    """Returns True of images, channels first or last, that nobody took with a camera."""
    if array.ndim != 4:
        return False
    near = array[middles(array.shape)].astype("float64", order="C")
    axes = [axis for axis in (1, 2, 3) if near.shape[axis] >= LEAST][:2]
    if len(axes) < 2:
        return False
    flat = near.reshape(-1)
    # var() of NumPy takes ten times as long
    variance = (np.dot(flat, flat) - np.add.reduce(flat) ** 2 / flat.size) / flat.size
    return bool(variance > 0) and all(_are_unlike(near, axis, variance) for axis in axes)


def _are_unlike(near: np.ndarray[Any, Any], axis: int, variance: float) -> bool:
    ahead, behind = _NEIGHBOURS[axis]
    step = (near[ahead] - near[behind]).reshape(-1)
    squares = np.dot(step, step)
    return bool(squares > 0 and squares >= 2 * ALIKE * variance * step.size)


_NEIGHBOURS: Final = {
    1: (np.s_[:, 1:], np.s_[:, :-1]),
    2: (np.s_[:, :, 1:], np.s_[:, :, :-1]),
    3: (np.s_[..., 1:], np.s_[..., :-1]),
}
"""By axis, the pixels and those before them."""


def _middle(size: int) -> slice:
    start = max(0, (size - SIDE) // 2)
    return slice(start, start + SIDE)
