"""Edits of order: a layer moves, two inputs of a layer are exchanged."""

from __future__ import annotations

import libcst as cst

from typedlayers.diagnostics.edit import Side
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted
from typedlayers.source.sequence import put_after, put_before, take_out
from typedlayers.source.uses import Added, Applied, InList, use_of


def move(plan: Plan, made: cst.Call, other: cst.Call, side: Side) -> None:
    """Puts a layer, as it is, before or after another one."""
    use, beside = use_of(plan.program, made), use_of(plan.program, other)
    match use, beside:
        case InList(holder, item), InList(there, to) if holder is there:
            take_out(plan, holder, item)
            (put_before if side is Side.BEFORE else put_after)(plan, holder, to, cst.Element(item.value))
        case (Added(), Added()) | (Applied(), Applied()):
            line, place = _own_line(plan.program, use), _own_line(plan.program, beside)
            plan.drop(line)
            plan.beside(place, **{str(side): [line.with_changes(leading_lines=())]})
        case _:
            raise NoPlace("the two layers do not stand in one list or in lines that are alike")


def _own_line(program: Program, use: Added | Applied) -> cst.SimpleStatementLine:
    """Returns the line of ``model.add(layer)``, or of ``x = layer(x)``, which can stand anywhere among its like.

    Raises:
        NoPlace: if it is no such line.
    """
    if isinstance(use, Added):
        return use.statement
    line, outer = program.statement(use.call), program.parent(use.call)
    target = dotted(outer.targets[0].target) if isinstance(outer, cst.Assign) and len(outer.targets) == 1 else ""
    if line is None or use.kept is not None or not target or [dotted(arg.value) for arg in use.call.args] != [target]:
        raise NoPlace("it is not called in a line of the form `x = layer(x)`")
    return line


def exchange(plan: Plan, made: cst.Call, one: int, two: int) -> None:
    """Exchanges two of the tensors of the list that a layer is called on."""
    use = use_of(plan.program, made)
    given = use.call.args[0].value if isinstance(use, Applied) and use.call.args else None
    if not isinstance(given, cst.List | cst.Tuple) or max(one, two) >= len(given.elements):
        raise NoPlace("its inputs are no list in the source")
    first, second = given.elements[one].value, given.elements[two].value
    plan.put(first, second)
    plan.put(second, first)


def gather(plan: Plan, made: cst.Call) -> None:
    """Gives a layer one list of the tensors that it is called on."""
    use = use_of(plan.program, made)
    given = use.call.args if isinstance(use, Applied) else ()
    plain = [arg for arg in given if arg.keyword is None]
    if not isinstance(use, Applied) or len(plain) < 2 or any(arg.star for arg in given):
        raise NoPlace("it is not called on several tensors")
    listed = cst.List([cst.Element(arg.value) for arg in plain])
    named = [arg for arg in given if arg.keyword is not None]
    plan.change(use.call, lambda call: call.with_changes(args=[cst.Arg(listed), *named]))
