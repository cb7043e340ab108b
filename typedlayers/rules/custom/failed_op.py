"""TL736: an op of a layer fails as it runs, where nothing could be known of it before."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument, Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import FailedOp
from typedlayers.rules.custom.topics import FAILED_OPS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Shape


def find(op: FailedOp) -> Iterator[Diagnostic]:
    """Yields what is known of an op that failed."""
    made = Diagnostic(
        RULE.code,
        f"{op.label} fails as it runs",
        where=op.where,
        gets="" if op.came is None else str(op.came),
        why=op.said,
    )
    if op.index is not None:
        index, rows = op.index
        larger = Fix.of(Argument(op.label, "input_dim", str(index + 1)), condition="or more")
        yield made.with_(
            headline=f"{op.label} looks up {index}, and its table has the rows 0 to {rows - 1}",
            needs=f"ids from 0 to {rows - 1}, or a larger table",
            why="ids, or positions that are counted in the layer, go beyond the table",
            fixes=(larger,) if index >= rows else (),
        )
    elif op.product is not None:
        columns, rows = op.product
        axis = _axis_of(rows, None if op.came is None else op.came.shape)
        yield made.with_(
            headline=f"{op.label} multiplies {columns} features with a weight that has {rows} rows",
            needs=f"a weight of {columns} rows",
            why=op.said if axis is None else f"{rows} is the size of axis {axis}: build takes it for the features",
            fixes=(_last_axis(op, axis),) if axis is not None and op.own else (),
        )
    else:
        yield made


def _last_axis(op: FailedOp, axis: int) -> Fix:
    edit = Rewrite(f"_shape[{axis}]", "_shape[-1]", op.label.partition(" ")[0])
    return Fix(f"shape[-1] in place of shape[{axis}] in build", edits=(edit,))


def _axis_of(size: int, shape: Shape | None) -> int | None:
    """The one axis, not the last, that has a size; None if there is none."""
    axes = [axis for axis, one in enumerate(shape or ()) if one == size and axis != len(shape or ()) - 1]
    return axes[0] if len(axes) == 1 else None


RULE = Rule(code="TL736", about=FAILED_OPS, find=find)
