"""TL402: NaN or infinity in the data reaches the first weights."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import first_weights


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding in training; a layer on the way that may take care of it ends the rule."""
    # every row is looked at, but only where something is learned from them
    gaps = seen.values.gaps if seen.use.trains else None
    if gaps is None or not (gaps.nan or gaps.infinite):
        return
    reached = next((node for nodes, _ in seen.ways if (node := first_weights(nodes)) is not None), None)
    if reached is None:
        return
    what, count = ("NaN", gaps.nan) if gaps.nan else ("infinity", gaps.infinite)
    yield Diagnostic(
        RULE.code,
        f"{count} of {gaps.count} values of {seen.label} are {what} and reach {reached.subject.label}",
        where=seen.where,
        gets=str(seen.spec),
        needs="finite numbers",
        why=f"one {what} in a batch makes the loss NaN, and with it every weight",
        fixes=(
            Fix("find where they come from: np.argwhere(~np.isfinite(x))"),
            Fix("fill them before training: np.nan_to_num(x), or drop the rows"),
        ),
    )


RULE = Rule(code="TL402", about=INPUT_VALUES, find=find)
