"""A list of x and y from which a dataset made one tensor: ``from_tensor_slices([x, y])``."""

from __future__ import annotations

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Fix
from typedlayers.spec import Shape, Spec

UNSTACKED = Fix(
    "from_tensor_slices((x, y)) in place of from_tensor_slices([x, y]): of a list it makes one tensor",
    edits=(Rewrite("from_tensor_slices([_x, _y])", "from_tensor_slices((_x, _y))"),),
)


def is_stacked(x: Spec, declared: Shape | None, output: Shape | None) -> bool:
    """Whether x has an axis too many, and x and y could be stacked: they have the same shape."""
    if x.shape is None or declared is None or output is None or len(x.shape) != len(declared) + 1:
        return False
    return x.shape[2:] == declared[1:] == output[1:]
