"""Where a layer that a call makes is used: in a list, added to a model, or called on a tensor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst
from libcst import matchers

from typedlayers.source.program import NoPlace, Program, dotted

_ADDING = ("add", "append")


@dataclass(frozen=True, slots=True)
class InList:
    """An element of a list of layers."""

    holder: cst.List | cst.Tuple
    item: cst.Element


@dataclass(frozen=True, slots=True)
class Added:
    """A statement that adds it: ``model.add(layers.Dense(3))``."""

    statement: cst.SimpleStatementLine
    call: cst.Call


@dataclass(frozen=True, slots=True)
class Applied:
    """A call of the layer on a tensor.

    Attributes:
        call: the call.
        kept: the assignment that keeps the layer under a name, None if it is called where it is made.
    """

    call: cst.Call
    kept: cst.Assign | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """An argument of another layer: the ``Dense`` of ``TimeDistributed(Dense(3))``."""

    call: cst.Call


Use: TypeAlias = InList | Added | Applied | Inside


def use_of(program: Program, made: cst.Call) -> Use:
    """Returns the one use of the layer that a call makes.

    Raises:
        NoPlace: if it cannot be seen, or there are several.
    """
    if program.around(made, cst.CompFor, cst.ListComp, cst.GeneratorExp, cst.DictComp):
        raise NoPlace("it is made in a comprehension")
    around = program.parent(made)
    match around:
        case cst.Element():
            return _in_list(program, around)
        case cst.Call() if around.func is made:
            return Applied(around)
        case cst.Arg():
            return _as_argument(program, around)
        case cst.Assign():
            return _kept(program, made, around)
        case cst.Return():
            return _returned(program, around)
    raise NoPlace("it is neither in a list of layers, nor added to a model, nor called on a tensor")


def _in_list(program: Program, item: cst.Element) -> InList:
    holder = program.parent(item)
    assert isinstance(holder, cst.List | cst.Tuple)
    return InList(holder, item)


def _as_argument(program: Program, arg: cst.Arg) -> Use:
    call = program.parent(arg)
    if isinstance(call, cst.Call) and _adds(call):
        statement = program.statement(call)
        if statement is None or not isinstance(program.parent(call), cst.Expr):
            raise NoPlace("it is added to its model in an expression")
        return Added(statement, call)
    if not isinstance(arg.value, cst.Call):
        raise NoPlace("it is given to a function by its name")
    return Inside(arg.value)


def _adds(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _ADDING and len(call.args) == 1


def _kept(program: Program, made: cst.CSTNode, assignment: cst.Assign) -> Use:
    """Returns the use of a layer that an assignment keeps under a name."""
    name = dotted(assignment.targets[0].target) if len(assignment.targets) == 1 else ""
    if not name:
        raise NoPlace("it is kept under no name that can be followed")
    uses = list(_uses_of(program, name, assignment))
    if len(uses) == 1:
        return uses[0]
    raise NoPlace(f"`{name}` is {'not used' if not uses else f'used {len(uses)} times'} as a layer")


def _uses_of(program: Program, name: str, assignment: cst.Assign) -> Iterator[Use]:
    within = _reach(program, name, assignment)
    for call in matchers.findall(within, matchers.Call()):
        assert isinstance(call, cst.Call)
        if dotted(call.func) == name:
            yield Applied(call, assignment)
        elif _adds(call) and dotted(call.args[0].value) == name:
            yield _as_argument(program, call.args[0])
    for item in matchers.findall(within, matchers.Element()):
        assert isinstance(item, cst.Element)
        if dotted(item.value) == name:
            yield _in_list(program, item)


def _reach(program: Program, name: str, assignment: cst.Assign) -> cst.CSTNode:
    """Returns the part of the file in which a name is meant."""
    kind = cst.ClassDef if name.startswith("self.") else cst.FunctionDef
    return program.around(assignment, kind) or program.module


def _returned(program: Program, statement: cst.Return) -> Use:
    """Returns the use of what a function returns, if it is called once."""
    function = program.around(statement, cst.FunctionDef)
    name = "" if function is None else function.name.value
    calls = [call for call in program.calls if name and dotted(call.func) == name]
    if len(calls) != 1:
        raise NoPlace(f"the function {name} makes it, which is called {len(calls)} times")
    return use_of(program, calls[0])
