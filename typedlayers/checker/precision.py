"""The precision of what a loss takes the logarithm of."""

from __future__ import annotations

from typedlayers.checker.losses import LossFacts
from typedlayers.checker.pair import Pair
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix

PROBABILITIES = ("softmax", "sigmoid")


def check_precision(pair: Pair, loss: LossFacts) -> Diagnostic | None:
    """Returns TL612 if probabilities for a cross-entropy are made in float16."""
    head = pair.head
    named = head.activation is not None and head.activation.name in PROBABILITIES
    if head.spec.dtype != "float16" or not named or loss.from_logits or "crossentropy" not in loss.name.lower():
        return None
    return Diagnostic(
        "TL612",
        f"{head.subject.label} makes probabilities in float16 for the loss {loss.text}",
        where=head.subject.where,
        gets=str(head.spec),
        needs="float32 probabilities",
        why="below 6e-8 a float16 is 0, and the loss takes its logarithm",
        fixes=(
            Fix(
                f'dtype="float32" for {head.subject.short}',
                edits=(Argument(head.subject.short, "dtype", '"float32"'),),
            ),
        ),
    )
