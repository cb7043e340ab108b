"""TL737: the call of a layer of the user's returns None."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call that returned None where a layer, a loss or a prediction has to follow."""
    if call.gives_none:
        yield Diagnostic(
            RULE.code,
            f"the call of {call.label} returns None",
            where=call.where,
            gets="None",
            needs="a tensor, or a nest of tensors",
            why="a function that ends without a return statement gives None",
            fixes=(Fix("return the result at the end of call"),),
        )


RULE = Rule(code="TL737", about=USERS_CALLS, find=find)
