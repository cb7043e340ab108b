"""TL734: a loss or metric of the user's does not take what Keras gives it, or makes the function that would."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.calls import FunctionCall
from typedlayers.rules.custom.topics import USERS_FUNCTIONS
from typedlayers.rules.rule import Rule


def find(call: FunctionCall) -> Iterator[Diagnostic]:
    """Yields a function that cannot be called on targets and outputs, or that returned a function."""
    name = call.label.split('"')[1]
    if call.makes:
        yield Diagnostic(
            RULE.code,
            f"{call.label} makes a {call.kind} and is given in its place",
            where=call.where,
            gets="" if call.takes is None else f"{name}({', '.join(call.takes)})",
            needs="a function of y_true and y_pred",
            why=f"Keras calls it with y_true and y_pred; {name} returns a function",
            fixes=(Fix(f"{name}(...) in compile: the function that it returns"),),
        )
    elif call.takes is not None and call.method:
        yield _of_method(call, *call.takes)
    elif call.takes is not None:
        head = "lambda y_true, y_pred:" if name.startswith("<") else f"def {name}(y_true, y_pred):"
        yield Diagnostic(
            RULE.code,
            f"{call.label} does not take y_true and y_pred",
            where=call.where,
            gets=f"{name}({', '.join(call.takes)})",
            needs="a function of y_true and y_pred",
            fixes=(Fix(f"{head} ...; other arguments by default, or functools.partial"),),
        )


def _of_method(call: FunctionCall, name: str, *takes: str) -> Diagnostic:
    """A method that Keras gives the sample weights too; a loss has ``call`` for the targets and outputs alone."""
    loss = call.kind == "loss"
    head = "call(self, y_true, y_pred)" if loss else f"{name}(self, y_true, y_pred, sample_weight=None)"
    return Diagnostic(
        RULE.code,
        f"{call.label} does not take sample weights in {name}",
        where=call.where,
        gets=f"{name}({', '.join(('self', *takes))})",
        needs="y_true, y_pred and sample_weight",
        why="Keras gives all three" + (", and takes what call returns for each sample" if loss else ""),
        fixes=(Fix(f"def {head}: ..."),),
    )


RULE = Rule(code="TL734", about=USERS_FUNCTIONS, find=find)
