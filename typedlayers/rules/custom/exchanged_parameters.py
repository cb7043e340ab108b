"""TL746: a loss of the user's names its first parameter for the output, and Keras gives it the targets."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.traced import Turned
from typedlayers.rules.custom.topics import TURNED
from typedlayers.rules.rule import Rule


def find(loss: Turned) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: names are the user's to give."""
    first, second = loss.names
    yield Diagnostic(
        RULE.code,
        f"{loss.label} takes ({first}, {second}), and gets the targets as `{first}`",
        where=loss.where,
        needs=f"({second}, {first})",
        why="Keras calls a loss with the targets first, whatever its parameters are called; this one gives another "
        "number the other way round",
        fixes=(Fix(f"({second}, {first}) as its parameters"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL746", about=TURNED, find=find)
