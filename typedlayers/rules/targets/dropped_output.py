"""TL622: a Dropout is the last layer before the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Remove
from typedlayers.diagnostics.model import Certainty, Diagnostic
from typedlayers.rules.rule import Rule
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes

DROPOUTS: Final = frozenset({"Dropout", "AlphaDropout", *(f"SpatialDropout{rank}D" for rank in (1, 2, 3))})


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding for an output of which parts are dropped before they meet their targets."""
    if pair.loss is None or pair.head.subject.kind not in DROPOUTS:
        return
    yield diagnostic(
        pair,
        RULE.code,
        f"{pair.head.subject.label} drops parts of the output before {pair.named} sees it",
        why="in training a part of the predictions is 0, and the others are made greater; the loss compares just these",
        fixes=fixes(Remove(pair.head.subject.label)),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL622", about=OUTPUTS, find=find)
