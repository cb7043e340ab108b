"""Edits of layers: a layer more, a layer less, another one in its place."""

from __future__ import annotations

import re
from typing import Final

import libcst as cst
from libcst import matchers

from typedlayers.diagnostics.edit import Insert, Replace, Side
from typedlayers.source.arguments import word
from typedlayers.source.names import expression, parsed, reference
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted, last_name
from typedlayers.source.sequence import put_after, put_before, take_out
from typedlayers.source.uses import Added, Applied, InList, Inside, use_of

_ON_X: Final = matchers.Name("x")


def insert(plan: Plan, made: cst.Call, edit: Insert) -> None:
    """Puts a layer, or an op on ``x``, before or after the layer that a call makes."""
    use = use_of(plan.program, made)
    is_op = bool(matchers.findall(parsed(edit.code), _ON_X))
    if isinstance(use, Applied):
        _around_call(plan, use, made, edit, is_op=is_op)
        return
    code = edit.code if not is_op else f"layers.Lambda(lambda x: {edit.code})"
    new = expression(plan, code, made)
    match use:
        case InList(holder, item):
            put = put_before if edit.side is Side.BEFORE else put_after
            put(plan, holder, item, cst.Element(new))
        case Added(statement, call):
            line = _line(call.with_changes(args=[cst.Arg(new)]))
            _beside_line(plan, statement, line, edit.side)
        case Inside(call):
            stack = reference(plan, "keras.Sequential", made)
            parts = [new, call] if edit.side is Side.BEFORE else [call, new]
            listed = cst.List([cst.Element(part) for part in parts])
            plan.put(call, cst.Call(cst.parse_expression(stack), [cst.Arg(listed)]))


def _around_call(plan: Plan, use: Applied, made: cst.Call, edit: Insert, *, is_op: bool) -> None:
    def on(value: cst.BaseExpression) -> cst.BaseExpression:
        if is_op:
            return expression(plan, edit.code, made, {"x": value})
        return cst.Call(layer, [cst.Arg(value)])

    layer = cst.Name("x") if is_op else _layer_for_call(plan, use, made, edit)
    if edit.side is Side.AFTER:
        plan.change(use.call, on)
        return
    if not use.call.args:
        raise NoPlace("its input is given by a name")
    given = use.call.args[0].value
    if isinstance(given, cst.List | cst.Tuple):
        if edit.index is None or edit.index >= len(given.elements):
            raise NoPlace("which of its inputs is meant is not said")
        given = given.elements[edit.index].value
    elif edit.index:
        raise NoPlace("its inputs are no list in the source")
    plan.change(given, on)


def _layer_for_call(plan: Plan, use: Applied, made: cst.Call, edit: Insert) -> cst.BaseExpression:
    """Returns the new layer, or the attribute that keeps it in a class."""
    new = expression(plan, edit.code, made)
    target = None if use.kept is None else use.kept.targets[0].target
    if not isinstance(target, cst.Attribute) or use.kept is None:
        return new
    statement = plan.program.statement(use.kept)
    if statement is None:
        raise NoPlace("it is made in a line with others")
    attribute = target.with_changes(attr=cst.Name(_free(plan.program, target, last_name(new.func))))
    line = _line(cst.Assign([cst.AssignTarget(attribute)], new))
    plan.beside(statement, after=[line])
    return attribute


def _free(program: Program, target: cst.Attribute, kind: str) -> str:
    """Returns a name for an attribute that nothing in the file has: ``flatten``, ``flatten_2``."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    taken = {dotted(node) for node in matchers.findall(program.module, matchers.Attribute())}
    owner = dotted(target.value)
    free = (one for one in (name, *(f"{name}_{i}" for i in range(2, 1000))) if f"{owner}.{one}" not in taken)
    return next(free)


def _line(node: cst.BaseExpression | cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([node if isinstance(node, cst.BaseSmallStatement) else cst.Expr(node)])


def _beside_line(plan: Plan, statement: cst.SimpleStatementLine, line: cst.SimpleStatementLine, side: Side) -> None:
    if side is Side.AFTER:
        plan.beside(statement, after=[line])
        return
    blank = [one for one in statement.leading_lines if one.comment is None]
    if len(blank) == len(statement.leading_lines):  # blank lines stay above the block
        line = line.with_changes(leading_lines=blank)
        plan.change(statement, lambda made: made.with_changes(leading_lines=()))
    plan.beside(statement, before=[line])


# ----------------------------------------------------------------------------------- remove and replace
def remove(plan: Plan, made: cst.Call) -> None:
    """Takes the layer that a call makes out of its model."""
    match use_of(plan.program, made):
        case InList(holder, item):
            take_out(plan, holder, item)
        case Added(statement):
            plan.drop(statement)
        case Applied(call, kept):
            _bypass(plan, call, kept)
        case Inside():
            raise NoPlace("another layer takes it as an argument")


def _bypass(plan: Plan, call: cst.Call, kept: cst.Assign | None) -> None:
    if not call.args or isinstance(call.args[0].value, cst.List | cst.Tuple):
        raise NoPlace("what stands for its result is not in the source")
    given, statement = call.args[0].value, plan.program.statement(call)
    outer = plan.program.parent(call)
    target = dotted(outer.targets[0].target) if isinstance(outer, cst.Assign) and len(outer.targets) == 1 else ""
    if statement is not None and target and target == dotted(given):
        plan.drop(statement)  # `x = x` would be left
        return
    plan.change(call, lambda made: made.args[0].value)
    if kept is not None:
        owner = plan.program.statement(kept)
        if owner is not None and _has_neighbours(plan.program, owner):
            plan.drop(owner)


def _has_neighbours(program: Program, statement: cst.SimpleStatementLine) -> bool:
    block = program.parent(statement)
    return isinstance(block, cst.Module) or (isinstance(block, cst.IndentedBlock) and len(block.body) > 1)


def replace(plan: Plan, made: cst.Call, edit: Replace) -> None:
    """Puts another layer in the place of one; the name stays."""
    new = expression(plan, edit.code, made)
    if not isinstance(new, cst.Call):
        plan.put(made.func, new)
        return
    if word(new, "name") is None:
        names = [arg for arg in made.args if arg.keyword is not None and arg.keyword.value == "name"]
        last = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in names]
        new = new.with_changes(args=[*new.args, *last])
    plan.put(made, new)
