"""TL718: the ``call`` of a layer makes a layer with weights, anew each time that it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from typedlayers.diagnostics.edit import Keep
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import At, Made, UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule

_TRACKS = "Keras trains and saves the layers that __init__ or build keep as attributes"


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call that made weights: a layer that nothing keeps, or anything where it is too late for it."""
    failure = call.failed
    if call.made:
        first, *others = call.made
        yield _said(
            call,
            f"{call.label} makes {first.label}{_and(others)} inside call: its weights are new each time",
            f"made at {first.at}; they are never trained nor saved: {_TRACKS}",
            _kept(call, first),
        )
    elif failure is not None and failure.makes:
        yield _said(
            call,
            f"{call.label} makes weights or a layer inside call, where it is too late",
            f"call fails at {failure.at}; call runs again for every batch; {_TRACKS}",
            _earlier(failure.at),
        )


def _and(others: list[Made]) -> str:
    return f" and {len(others)} more" if others else ""


def _kept(call: UsersCall, made: Made) -> Fix:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", made.kind).lower()
    return Fix(
        f"self.{name} = {made.kind}(...) in __init__, and self.{name}(...) at {made.at.place}",
        edits=(Keep(call.owner, made.kind, name),),
    )


def _earlier(at: At) -> Fix:
    return Fix(f"make it in __init__, or in build if it needs a shape, keep it on self, and use it at {at.place}")


def _said(call: UsersCall, headline: str, why: str, fix: Fix) -> Diagnostic:
    return Diagnostic(RULE.code, headline, where=call.where, needs="weights made once", why=why, fixes=(fix,))


RULE = Rule(code="TL718", about=USERS_CALLS, find=find)
