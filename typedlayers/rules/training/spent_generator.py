"""TL525: a generator is trained on for several epochs, and nobody says how many batches make one."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding; a callback of the user's own may stop the training after the first epoch."""
    epochs = fit.fitting.epochs
    if not epochs.spent or epochs.steps is not None or epochs.count < 2:
        return
    yield Diagnostic(
        RULE.code,
        f"the generator for {fit.model} gives each of its batches once, and {epochs.count} epochs are to draw from it",
        where=fit.where,
        needs="steps_per_epoch, or data that can be drawn anew",
        why="the first epoch goes on until the generator ends: nothing is left for the others, or it never ends",
        fixes=(
            Fix("steps_per_epoch=n in fit, and a generator that goes on (while True)"),
            Fix("a keras.utils.PyDataset, or tf.data.Dataset.from_generator(function, output_signature=...)"),
        ),
        certainty=Certainty.PERHAPS if fit.fitting.stops else Certainty.CERTAIN,
    )


RULE = Rule(code="TL525", about=FIT, find=find)
