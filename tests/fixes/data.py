"""Other data in the place of what a program gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def exchanged(given: Any, part: str, change: Callable[[Any], Any]) -> Any:
    """Returns what is given with a part of it changed: ``"x"`` or ``"y"`` of each element of a dataset, or all."""
    import tensorflow as tf

    if part == "all" or not isinstance(given, tf.data.Dataset):
        return change(given)
    if not isinstance(given.element_spec, tuple):
        return given.map(change)
    at = ("x", "y").index(part)
    return given.map(lambda *element: tuple(change(one) if i == at else one for i, one in enumerate(element)))
