"""TL731: a loss or metric of the user's returns None."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import FunctionCall
from typedlayers.rules.custom.topics import USERS_FUNCTIONS
from typedlayers.rules.rule import Rule


def find(call: FunctionCall) -> Iterator[Diagnostic]:
    """Yields a call that returned None."""
    if call.gives_none:
        yield Diagnostic(
            RULE.code,
            f"{call.label} returns None",
            where=call.where,
            gets="None",
            needs="a tensor: a number for each sample",
            why="a function that ends without a return statement gives None",
            fixes=(Fix("return the result: return keras.ops.mean(..., axis=-1)"),),
        )


RULE = Rule(code="TL731", about=USERS_FUNCTIONS, find=find)
