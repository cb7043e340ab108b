"""TL521: the target of each window of a series is one of the values in that window."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.values import found_in_windows
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Need, Rule
from typedlayers.spec import Spec


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for windows that were cut from one series, each a step after the one before.

    Only of those is it known that nothing but the position in the series tells the target from the window: a task
    to remember a value draws its sequences one by one.
    """
    batch = data.batch
    trains = data.use is not None and data.use.trains
    if not trains or not isinstance(batch.x, Spec) or not isinstance(batch.y, Spec) or batch.x.rank != 3:
        return
    step = found_in_windows(batch.value_at(()), batch.targets)
    if step is None:
        return
    length = batch.x.shape[1] if batch.x.shape else None
    yield Diagnostic(
        RULE.code,
        f"the target of each window stands in the window already, at step {step}",
        where=data.where,
        gets=f"{batch.x} as x, {batch.y} as the target",
        needs="targets that come after their window, if they are to be predicted",
        why="the windows overlap, each a step after the one before, and every target is a value of its own window",
        fixes=(
            Fix(
                f"targets that are shifted by the length of a window: series[{length or 'sequence_length'}:]",
                edits=() if length is None else (_shifted(length),),
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


def _shifted(length: int) -> Rewrite:
    function = "timeseries_dataset_from_array"
    return Rewrite(f"{function}(_x, _y, ...)", f"{function}(_x, _y[{length}:], ...)")


RULE = Rule(code="TL521", about=DATA, find=find, needs=(Need.INPUT_VALUES, Need.TARGET_VALUES))
