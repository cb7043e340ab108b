"""TL108: a layer is called with other arguments than its ``call`` has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Edit, Gather, Rewrite
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import RefusedCall
from typedlayers.rules.custom.topics import REFUSED_CALLS
from typedlayers.rules.rule import Rule


def find(call: RefusedCall) -> Iterator[Diagnostic]:
    """Yields what is wrong with the arguments of a call that failed."""
    takes = f"call({', '.join(call.parameters)})"
    if call.layers:
        yield _of_layers(call)
    elif call.chain:
        yield _in_chain(call, takes)
    elif call.missing and call.own and call.parts == len(call.parameters):
        names = ", ".join(call.parameters)
        yield Diagnostic(
            RULE.code,
            f"the call of {call.label} has {len(call.parameters)} parameters, but fit and predict give it one list",
            where=call.where,
            gets=f"one list of {call.parts} tensors",
            needs="one parameter that takes them all",
            why="a model gets all its inputs as one argument: a list, a tuple or a dict",
            fixes=(Fix(f"def call(self, inputs): {names} = inputs"),),
        )
    elif call.missing:
        names = " and ".join(f"`{name}`" for name in call.missing)
        yield Diagnostic(
            RULE.code,
            f"{call.label} is called without {names}",
            where=call.where,
            needs=takes,
            fixes=(Fix(_whole(call), edits=tuple(_given_twice(call))),),
        )
    elif call.unknown:
        names = " and ".join(f"`{name}`" for name in call.unknown)
        yield Diagnostic(RULE.code, f"the call of {call.label} takes no {names}", where=call.where, needs=takes)
    elif call.surplus:
        yield _of_surplus(call, takes)


def _of_layers(call: RefusedCall) -> Diagnostic:
    names = " and ".join(call.layers)
    return Diagnostic(
        RULE.code,
        f"{call.label} is called on {names}, not on its output",
        where=call.where,
        gets=f"the layer {names}",
        needs="a tensor: what the layer gives when it is called",
        why="layers.Dense(8) makes a layer; only layers.Dense(8)(x) calls it",
        fixes=(Fix(f"call it first: {_class(call.layers[0])}(...)(x)"),),
    )


def _class(label: str) -> str:
    return label.partition(" ")[0]


def _in_chain(call: RefusedCall, takes: str) -> Diagnostic:
    """A layer of a Sequential: it is called on one tensor, whatever its ``call`` takes."""
    first = [name for name in call.parameters if name not in call.missing] or ["inputs"]
    rest = ", ".join(f"{name}=None" for name in call.missing)
    fixes = [Fix(f"def call(self, {', '.join(first)}{rest and f', {rest}'})")] if call.own else []
    if call.missing and not set(call.missing) <= _OF_KERAS:
        again = ", ".join("x" if not call.own else name for name in call.missing)
        fixes.append(Fix(f"a functional model: x = {_class(call.label)}(...)(x, {again})"))
    names = " and ".join(f"`{name}`" for name in call.missing)
    return Diagnostic(
        RULE.code,
        f"{call.label} needs {names} too, but {call.chain} gives a layer one argument"
        if names
        else f"the call of {call.label} takes no argument, but {call.chain} gives it one",
        where=call.where,
        needs=takes,
        why="a Sequential calls each layer on the output of the layer before it, and on nothing else",
        fixes=tuple(fixes),
    )


def _whole(call: RefusedCall) -> str:
    """A call that gives all: a layer that attends to what asks gets it in every place."""
    if call.missing == ("value",) and not call.own:
        return f"give `value` too: {_class(call.label)}(...)(x, x) attends to the query itself"
    return f"give {' and '.join(f'`{name}`' for name in call.missing)} too: ({', '.join(call.parameters)})"


def _given_twice(call: RefusedCall) -> Iterator[Edit]:
    """A layer that attends to what asks: one tensor in both places."""
    if call.missing == ("value",) and not call.own and call.where.line is not None:
        yield Rewrite("_layer(_x)", "_layer(_x, _x)", "", call.where.file or "", call.where.line)


_OF_KERAS: Final = frozenset({"training", "mask"})
"""Arguments that Keras itself gives."""

_ONE_LIST: Final = "give the tensors as one list: layer([a, b])"


def _of_surplus(call: RefusedCall, takes: str) -> Diagnostic:
    count = len(call.parameters) + call.surplus
    several = "one list" if len(call.parameters) == 1 else takes
    return Diagnostic(
        RULE.code,
        f"{call.label} is called with {call.surplus} more arguments than its call takes",
        where=call.where,
        gets=f"{count} arguments" if count > 1 else "",
        needs=several,
        fixes=(Fix(_ONE_LIST, edits=(Gather(call.label),)),) if len(call.parameters) == 1 else (),
    )


RULE = Rule(code="TL108", about=REFUSED_CALLS, find=find)
