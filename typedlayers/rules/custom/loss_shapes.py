"""TL733: shapes in a loss or metric of the user's do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.calls import FunctionCall
from typedlayers.rules.custom.topics import USERS_FUNCTIONS
from typedlayers.rules.rule import Rule


def find(call: FunctionCall) -> Iterator[Diagnostic]:
    """Yields a call that raised because of two shapes, with those of what it got."""
    failure = call.failed
    if failure is not None and failure.unequal:
        yield Diagnostic(
            RULE.code,
            f"{call.label} combines shapes that do not go together",
            where=call.where,
            gets=call.gets,
            why=f"it fails at {failure.at} ({failure.in_short})",
        )


RULE = Rule(code="TL733", about=USERS_FUNCTIONS, find=find, after=frozenset({"TL732"}))
