"""Demands on the axes that a layer's own arguments name."""

from __future__ import annotations

import operator
from typing import Any, Final

from typedlayers.contracts.contract import Rule
from typedlayers.spec import Shape


def axes_of(value: object) -> tuple[int, ...]:
    """Returns the axes that an argument names: one, or several; none if it names no whole numbers."""
    items = value if isinstance(value, tuple | list) else (value,)
    try:
        return tuple(operator.index(item) for item in items)  # pyright: ignore[reportArgumentType]
    except TypeError:
        return ()


def out_of_range(layer: Any, shape: Shape) -> str | None:
    """Returns which axis of a layer's ``axis`` its input does not have, as a clause."""
    rank = len(shape)
    bad = next((axis for axis in axes_of(layer.axis) if not -rank <= axis < rank), None)
    return None if bad is None else f"axis={bad} is none of the {rank} axes that came"


AXIS_IN_RANGE: Final = Rule(
    "TL208",
    out_of_range,
    why="axes are counted from 0, or backwards from -1, and the batch is one of them",
    fixes=("axis=-1",),
)
"""The axes that ``axis`` names must be there."""
