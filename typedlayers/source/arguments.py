"""Arguments of a call: found by name or place, given another value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import libcst as cst
from libcst import matchers

from typedlayers.diagnostics.edit import Argument
from typedlayers.source.names import expression
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, is_text, last_name
from typedlayers.source.sequence import put_last
from typedlayers.source.unpacked import set_unpacked

Positions: TypeAlias = Callable[[str], Sequence[str]]
"""The names of the arguments of a class's constructor, in order, by the class's name."""

_INPUT: Final = "Input"
_OF_FIRST: Final = {"shape": "input_shape", "dtype": "input_dtype"}
"""The arguments of ``Input`` that a first layer can be given in its place."""


def give_argument(plan: Plan, made: cst.Call, edit: Argument, positions: Positions) -> None:
    """Gives an argument of the call that makes a layer another value."""
    value = expression(plan, edit.value, made)
    name = edit.name
    if edit.layer.startswith(f"{_INPUT} ") and last_name(made.func) != _INPUT:
        name = next((arg for spelled, arg in _OF_FIRST.items() if spelled == name and word(made, arg)), "")
        if not name:
            raise NoPlace("the input is made by no `Input` of its own")
    set_argument(plan, made, name, value, _position(plan.program, made, name, positions))


def set_argument(plan: Plan, call: cst.Call, name: str, value: cst.BaseExpression, position: int | None) -> None:
    """Puts a value in the place of an argument of a call, or adds it by its name.

    Of what is unpacked there it is the element or the entry that is changed: where it is written, if it is unpacked
    there alone.

    Args:
        plan: the plan of the file.
        call: the call.
        name: the argument.
        value: the value.
        position: its place among the arguments without names, None if unknown.

    Raises:
        NoPlace: if it may be in a list that is unpacked, of which the elements are not known.
    """
    if word(call, name) is None and any(arg.star for arg in call.args):
        if set_unpacked(plan, call, name, value, position):
            return
    else:
        old = argument(call, name, position)
        if old is not None:
            plan.put(old.value, value)
            return
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    put_last(plan, call, cst.Arg(value, keyword=cst.Name(name), equal=equal))


def argument(call: cst.Call, name: str, position: int | None = None) -> cst.Arg | None:
    """Returns an argument of a call by its name or place.

    Raises:
        NoPlace: if it may be in what is unpacked there.
    """
    found = word(call, name)
    if found is not None:
        return found
    if position is None:
        return None
    for place, arg in enumerate(arg for arg in call.args if arg.keyword is None and arg.star != "**"):
        if arg.star:
            raise NoPlace("its arguments are unpacked from a list")
        if place == position:
            return arg
    return None


def word(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def _position(program: Program, made: cst.Call, name: str, positions: Positions) -> int | None:
    kind = last_name(made.func)
    names = list(_own_arguments(program, kind) or positions(kind))
    return names.index(name) if name in names else None


def _own_arguments(program: Program, kind: str) -> list[str]:
    """Returns the arguments of ``__init__`` of a class of the file."""
    for node in matchers.findall(program.module, matchers.ClassDef(name=matchers.Name(kind))):
        for method in matchers.findall(node, matchers.FunctionDef(name=matchers.Name("__init__"))):
            assert isinstance(method, cst.FunctionDef)
            return [parameter.name.value for parameter in method.params.params[1:]]
    return []


def is_named(call: cst.Call, name: str) -> bool:
    """Returns True if a call gives a layer its name."""
    given = word(call, "name")
    return given is not None and is_text(given.value, name)
