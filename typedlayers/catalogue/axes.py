"""Demands on the axes that a layer's own arguments name."""

from __future__ import annotations

import operator
from typing import Any, Final

from typedlayers.contracts.contract import Rule
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Fix
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
    return None if bad is None else f"axis={bad} is not one of the {rank} axes"


AXIS_IN_RANGE: Final = Rule(
    "TL208",
    out_of_range,
    why="axes are counted from 0, or backwards from -1, and the batch is one of them",
    fixes=("axis=-1",),
)
"""The axes that ``axis`` names must be there."""


def _softmax_of_one(layer: Any, shape: Shape) -> str | None:
    """Says that a softmax has nothing to choose between: Keras warns of it too, each time it runs."""
    axes = axes_of(getattr(layer, "axis", -1))
    if out_of_range(layer, shape) is not None if hasattr(layer, "axis") else not shape:
        return None
    sizes = [shape[axis] for axis in axes]
    named = f"axis={layer.axis}" if hasattr(layer, "axis") else "its last axis"
    return f"{named} has size 1, so that every value becomes 1" if sizes and all(s == 1 for s in sizes) else None


def _other_axes(layer: Any, shape: Shape) -> list[Fix]:
    """The axes between the batch and the last one that hold more than one value."""
    names = {1: "over time (the steps)"} if len(shape) == 3 else {}
    others = [axis for axis in range(1, len(shape) - 1) if shape[axis] != 1]
    return [_of_axis(axis, f"to weigh {names.get(axis, f'along axis {axis}')}", layer) for axis in others]


def _of_axis(axis: int, reason: str, layer: Any) -> Fix:
    """The fix that gives a layer another axis; an activation has none, and is told in words."""
    edits = (Argument("", "axis", str(axis)),) if hasattr(layer, "axis") else ()
    return Fix(f"axis={axis}, {reason}", edits=edits)


SOFTMAX_OF_ONE: Final = Rule(
    "TL213",
    _softmax_of_one,
    why="a softmax divides by the sum along its axis: of one value that is the value itself",
    propose=_other_axes,
)
"""The warning on a softmax along an axis of size 1, which is always 1."""


def _normalized_alone(layer: Any, shape: Shape) -> str | None:
    """Says that a layer normalization has one value to compare with itself."""
    if out_of_range(layer, shape) is not None:
        return None
    axes = axes_of(layer.axis)
    named = axes[0] if len(axes) == 1 else layer.axis
    sizes = [shape[axis] for axis in axes]
    return f"axis={named} has size 1, so that every value becomes 0" if sizes and set(sizes) == {1} else None


NORMALIZED_ALONE: Final = Rule(
    "TL213",
    _normalized_alone,
    why="a layer normalization subtracts the mean along its axis: of one value that is the value itself",
    propose=_other_axes,
)
"""The warning on a layer normalization along an axis of size 1, which gives nothing but its own offset."""
