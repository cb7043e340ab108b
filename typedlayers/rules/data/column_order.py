"""TL531: a data frame has the columns that the model was trained on, in another order."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data as Change
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.rule import Need, Rule, Stage, Topic


def _frames(evidence: Evidence) -> Iterator[Evidence]:
    if evidence.use is not None and not evidence.use.trains and evidence.columns and evidence.hands_over:
        yield evidence


FRAMES = Topic("data frames after the training", (Need.DATA,), _frames, Stage.DATA)
"""A model that was trained on a data frame, with other data."""


def find(evidence: Evidence) -> Iterator[Diagnostic]:
    """Yields the finding for the same names in another order; other names may stand for the same columns."""
    batch, trained = evidence.batch, evidence.columns
    given = () if batch is None else tuple(name for name, _ in batch.columns)
    if batch is None or given == trained or sorted(given) != sorted(trained):
        return
    index = next(index for index, names in enumerate(zip(given, trained, strict=True)) if names[0] != names[1])
    order = "[" + ", ".join(map(repr, trained)) + "]"
    yield Diagnostic(
        RULE.code,
        f"{batch.what} for {evidence.label} has the columns of the training in another order",
        where=evidence.where,
        gets=f"{given[index]!r} as column {index}",
        needs=f"{trained[index]!r} as column {index}, as in training",
        why="Keras takes the numbers of a data frame by their places, and not by their names",
        fixes=(Fix.of(Change("x", f"x[{order}]")),),
    )


RULE = Rule(code="TL531", about=FRAMES, find=find)
