"""Edits of a class of the user's: an attribute that its ``__init__`` sets."""

from __future__ import annotations

from typing import Any

import libcst as cst
from libcst import matchers

from typedlayers.diagnostics.edit import Attribute
from typedlayers.source.names import expression
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted


def class_named(program: Program, name: str) -> cst.ClassDef | None:
    """Returns the one class of a name in a file."""
    found = matchers.findall(program.module, matchers.ClassDef(name=matchers.Name(name)))
    return found[0] if len(found) == 1 and isinstance(found[0], cst.ClassDef) else None


def set_attribute(plan: Plan, edit: Attribute) -> None:
    """Sets an attribute in ``__init__``, which is written if there is none."""
    owner = class_named(plan.program, edit.owner)
    if owner is None or not isinstance(owner.body, cst.IndentedBlock):
        raise NoPlace(f"there is no class {edit.owner} in {plan.program.file}")
    value = expression(plan, edit.value, owner)
    methods = _inits(owner.body)
    for node in matchers.findall(methods[0].body, matchers.Assign()) if methods else ():
        assert isinstance(node, cst.Assign)
        if any(dotted(target.target) == f"self.{edit.name}" for target in node.targets):
            plan.put(node.value, value)
            return
    add_to_init(plan, owner, f"self.{edit.name}", value)


def add_to_init(plan: Plan, owner: cst.ClassDef, target: str, value: cst.BaseExpression) -> None:
    """Adds an assignment to the end of ``__init__``, which is written if there is none."""
    line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.parse_expression(target))], value)])  # pyright: ignore
    if not isinstance(owner.body, cst.IndentedBlock):
        raise NoPlace(f"{owner.name.value} is written on one line")
    methods = _inits(owner.body)
    if not methods:
        _write_init(plan, owner.body, line)
        return
    body = methods[0].body
    if not isinstance(body, cst.IndentedBlock):
        raise NoPlace(f"{owner.name.value}.__init__ is written on one line")
    plan.beside(body.body[-1], after=[line])


def _inits(body: cst.IndentedBlock) -> list[cst.FunctionDef]:
    return [m for m in body.body if isinstance(m, cst.FunctionDef) and m.name.value == "__init__"]


def _write_init(plan: Plan, body: cst.IndentedBlock, line: cst.SimpleStatementLine) -> None:
    header = "def __init__(self, **kwargs):\n    super().__init__(**kwargs)\n"
    init: Any = cst.parse_statement(header, plan.program.module.config_for_parsing)
    init = init.with_changes(body=init.body.with_changes(body=[*init.body.body, line]))
    first = body.body[0]
    if isinstance(first, cst.SimpleStatementLine) and first.body and _is_docstring(first.body[0]):
        plan.beside(first, after=[init.with_changes(leading_lines=[cst.EmptyLine(indent=False)])])
    else:
        plan.change(first, lambda made: made.with_changes(leading_lines=[cst.EmptyLine(indent=False)]))
        plan.beside(first, before=[init])


def _is_docstring(node: cst.BaseSmallStatement) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)
