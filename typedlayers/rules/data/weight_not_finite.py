"""TL519: sample weights are NaN or infinite."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.values import Values
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Rule
from typedlayers.spec import place_of


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for the first weights of which some make the loss NaN, whatever the output is."""
    if not data.compared:
        return
    for part in data.parts():
        if part.place.part != "sample_weight":
            continue
        held = data.batch.weight_at(part.place.path)
        gaps = None if held is None else Values.of(held).gaps
        if gaps is None or not (gaps.nan or gaps.infinite):
            continue
        what, count = ("NaN", gaps.nan) if gaps.nan else ("infinite", gaps.infinite)
        code = place_of("sample_weight", part.place.path)
        yield Diagnostic(
            RULE.code,
            f"{count} of {gaps.count} sample weights for {data.model} are {what}",
            where=data.where,
            gets=f"{part.spec} as {code}",
            needs="finite numbers; 0 for a sample that is not to count",
            why="the loss is multiplied by them: one such weight makes it NaN, and with it all that is trained",
            fixes=(Fix(f"np.nan_to_num({code}), so that samples without a weight do not count"),),
        )
        return


RULE = Rule(code="TL519", about=DATA, find=find)
