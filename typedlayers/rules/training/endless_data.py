"""TL523: a dataset has no end, and nobody says how many batches make an epoch."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit

_STEPS = {"x": "steps_per_epoch", "validation_data": "validation_steps"}


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields each; a callback of the user's own may stop the first epoch on purpose."""
    for name in fit.fitting.endless:
        what = "the dataset" if name == "x" else "the validation dataset"
        yield Diagnostic(
            RULE.code,
            f"{what} for {fit.model} has no end, and {_STEPS[name]} is not given",
            where=fit.where,
            needs=f"{_STEPS[name]}, or a dataset that ends",
            why="repeat() without a count goes on for ever, and so does the first epoch",
            fixes=(
                Fix(f"{_STEPS[name]}=n in fit, with n batches for an epoch"),
                Fix("leave .repeat() out: fit draws the data anew for each epoch"),
            ),
            certainty=Certainty.PERHAPS if fit.fitting.stops else Certainty.CERTAIN,
        )


RULE = Rule(code="TL523", about=FIT, find=find)
