"""TL504: a dataset was batched twice."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.stacked import UNSTACKED
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule
from typedlayers.spec import shape_text

ONE_BATCH = Fix("give batches, not lists of batches: one axis before the shape of a sample")

UNBATCHED = Fix(
    "remove the second .batch(), or .unbatch() before it: the dataset is already batched",
    edits=(Data("ds", "ds.unbatch()"),),
)


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for elements with two batch axes."""
    given, got = misfit.given, misfit.given.spec.shape
    if misfit.kind is not MisfitKind.BATCHED_TWICE or got is None:
        return
    ranks = given.input.ranks
    free = given.input.spec.shape is None and ranks is not None and ranks.most is None
    yield diagnostic(
        given,
        "TL504",
        f"{given.what} for {given.input.model} is batched twice: {len(got)} axes where {len(got) - 1} are needed",
        why=f"there are two leading axes before the shape of one sample, {shape_text(got[2:], batch=False)}",
        fixes=tuple(_fixes(given)),
        certainty=Certainty.PERHAPS if free else Certainty.CERTAIN,
    )


def _fixes(given: Given) -> Iterator[Fix]:
    compares = given.use is not None and given.use.compares
    if given.batch.source is Source.DATASET and compares and given.batch.y is None and not given.path:
        yield UNSTACKED  # no targets, where they are needed: they are in the other half of the axis
    yield ONE_BATCH if given.batch.source is Source.DRAWN else UNBATCHED


RULE = Rule(code="TL504", about=INPUTS, find=find)
