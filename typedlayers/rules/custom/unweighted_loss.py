"""TL742: samples are weighted, but a loss of the user's gives one number for the whole batch."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.traced import Joined
from typedlayers.rules.custom.topics import JOINED
from typedlayers.rules.rule import Rule


def find(loss: Joined) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: weights that are all 1 change nothing either way."""
    yield Diagnostic(
        RULE.code,
        f"{loss.label} gives one number for a batch: {loss.weights} weighs no sample more than another",
        where=loss.where,
        needs="a value for each sample, (batch,)",
        why="Keras multiplies what the loss gives by the weights, and takes the mean then: one number is only scaled "
        "by the mean of the weights",
        fixes=(
            Fix("the mean over the last axis, axis=-1, in place of the mean over all; Keras takes the mean of those"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL742", about=JOINED, find=find)
