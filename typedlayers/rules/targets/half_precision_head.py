"""TL612: probabilities for a cross-entropy are computed in float16."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.pair import OUTPUTS, Pair

PROBABILITIES = ("softmax", "sigmoid")


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding if the loss takes the logarithm of a float16 probability."""
    head, loss = pair.head, pair.loss
    if loss is None or loss.from_logits or "crossentropy" not in loss.name:
        return
    if head.spec.dtype != "float16" or head.activation is None or head.activation.name not in PROBABILITIES:
        return
    wider = Argument(head.subject.short, "dtype", '"float32"')
    yield Diagnostic(
        "TL612",
        f"{head.subject.label} computes probabilities in float16 for the loss {loss.text}",
        where=head.subject.where,
        gets=str(head.spec),
        needs="float32 probabilities",
        why="a float16 below 6e-8 is 0, and the loss takes its logarithm",
        fixes=(Fix(f'dtype="float32" for {head.subject.short}', edits=(wider,)),),
    )


RULE = Rule(
    code="TL612",
    about=OUTPUTS,
    find=find,
    after=frozenset({"TL601", "TL602", "TL603", "TL610"}),
)
