"""TL713: a layer needs the number of samples as a number, but it is not known while a model is traced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import COUNTS, UsersCall
from typedlayers.rules.custom.topics import USERS_CALLS
from typedlayers.rules.rule import Rule


def find(call: UsersCall) -> Iterator[Diagnostic]:
    """Yields a call that raised for an unknown number of samples, but runs for every number that was tried."""
    failure = call.failed
    if failure is None or call.came is None or not all(map(call.runs, COUNTS)):
        return
    at = failure.at
    asked = Rewrite("_x.shape[0]", "keras.ops.shape(_x)[0]", call.owner, at.file)
    if ".shape[0]" in at.text:
        asked = replace(asked, line=at.number)
    instead = " in place of x.shape[0]" if ".shape[0]" in at.text else ""
    said = failure.in_short.rstrip(".")
    yield Diagnostic(
        RULE.code,
        f"{call.label} needs the number of samples as a number, but it is None while the model is traced",
        where=call.where,
        gets=str(call.came),
        needs="code that leaves the number of samples open",
        why=f"call fails at {failure.at} ({said}); for {COUNTS[0]} and for {COUNTS[1]} samples it runs",
        fixes=(
            Fix(f"keras.ops.shape(x)[0]{instead} at {at.place}", edits=(asked,)),
            Fix("keras.ops.ones_like of a slice of x"),
        ),
    )


RULE = Rule(code="TL713", about=USERS_CALLS, find=find, after=frozenset({"TL714"}))
