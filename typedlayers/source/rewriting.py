"""Edits of the user's own code: the one expression of a form, a method, what a method makes each time."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, Final

import libcst as cst
from libcst import matchers

from typedlayers.diagnostics.edit import Keep, Omit, Rewrite
from typedlayers.source.arguments import set_argument
from typedlayers.source.classes import add_to_init, class_named
from typedlayers.source.forms import REST, parts
from typedlayers.source.names import expression
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, last_name

_RETURN: Final = "return "
_ASSIGNS: Final = " = "
_INPUT: Final = "_input"


def places(program: Program, edit: Rewrite) -> list[tuple[cst.BaseExpression, Mapping[str, str]]]:
    """Returns the expressions of a file that have the form of an edit, each with its parts."""
    within: cst.CSTNode | None = class_named(program, edit.owner) if edit.owner else program.module
    if within is None:
        return []
    if _ASSIGNS in edit.old:
        return list(_assigned(program, within, *edit.old.split(_ASSIGNS)))
    found = []
    for node in _expressions(within, returned=edit.old.startswith(_RETURN)):
        if edit.line and not program.line_of(node) <= edit.line <= program.end_of(node)[0]:
            continue
        held = parts(program.code(node), edit.old.removeprefix(_RETURN))
        if held is not None:
            found.append((node, held))
    return found


def _assigned(
    program: Program, within: cst.CSTNode, target: str, value: str
) -> Iterator[tuple[cst.BaseExpression, Mapping[str, str]]]:
    """Yields what the values of a form are assigned to."""
    for node in matchers.findall(within, matchers.Assign(targets=[matchers.AssignTarget()])):
        assert isinstance(node, cst.Assign)
        held = parts(program.code(node.value), value)
        to = node.targets[0].target
        named = parts(program.code(to), target)
        if held is not None and named is not None:
            yield to, {**held, **named}


def _expressions(within: cst.CSTNode, *, returned: bool) -> Iterator[cst.BaseExpression]:
    if returned:
        for node in matchers.findall(within, matchers.Return()):
            if isinstance(node, cst.Return) and node.value is not None:
                yield node.value
        return
    kinds = matchers.OneOf(
        matchers.Call(), matchers.Subscript(), matchers.BinaryOperation(), matchers.Attribute(), matchers.Tuple()
    )
    for node in matchers.findall(within, kinds):
        if isinstance(node, cst.BaseExpression):
            yield node


def rewrite(plan: Plan, edit: Rewrite) -> None:
    """Rewrites the one expression of a form.

    Raises:
        NoPlace: if none or several have it.
    """
    found = places(plan.program, edit)
    if len(found) != 1:
        raise NoPlace(f"{len(found) or 'no'} expressions have the form `{edit.old}`")
    node, held = found[0]
    if _ASSIGNS in edit.old:
        plan.put(node, _made(plan, edit.new.partition(_ASSIGNS)[0], node, held))
    elif not _argument_alone(plan, node, edit, held):
        plan.put(node, _made(plan, edit.new, node, held))


def _made(plan: Plan, code: str, near: cst.BaseExpression, held: Mapping[str, str]) -> Any:
    put = {name: cst.parse_expression(text) for name, text in held.items() if name != REST and text}
    if _INPUT in code:
        put[_INPUT] = cst.Name(_first_argument(plan.program, near))
    rest = held.get(REST, "")
    return expression(plan, code, near, put).visit(_Open(rest))


class _Open(cst.CSTTransformer):
    """Puts the arguments that a form leaves open in the place of its dots."""

    def __init__(self, rest: str) -> None:
        super().__init__()
        self._args = cst.ensure_type(cst.parse_expression(f"f({rest})"), cst.Call).args
        self._elements = (
            cst.ensure_type(cst.parse_expression(f"[{rest}]"), cst.List).elements if "=" not in rest else ()
        )

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> Any:
        if not isinstance(updated_node.value, cst.Ellipsis):
            return updated_node
        return cst.FlattenSentinel(self._args) if self._args else cst.RemoveFromParent()

    def leave_Element(self, original_node: cst.Element, updated_node: cst.Element) -> Any:
        if not isinstance(updated_node.value, cst.Ellipsis):
            return updated_node
        return cst.FlattenSentinel(self._elements) if self._elements else cst.RemoveFromParent()


def _argument_alone(plan: Plan, node: cst.BaseExpression, edit: Rewrite, held: Mapping[str, str]) -> bool:
    """Changes arguments of a call where they stand, if the edit changes nothing else of it."""
    old, new = (ast.parse(one.removeprefix(_RETURN), mode="eval").body for one in (edit.old, edit.new))
    if not (isinstance(old, ast.Call) and isinstance(new, ast.Call) and isinstance(node, cst.Call)):
        return False
    if ast.dump(old.func) != ast.dump(new.func) or len(old.args) != len(new.args):
        return False
    if not all(any(word.arg == kept.arg for kept in new.keywords) for word in old.keywords):
        return False
    before = {word.arg: ast.dump(word.value) for word in old.keywords}
    for index, (had, now) in enumerate(zip(old.args, new.args, strict=True)):
        if ast.dump(had) != ast.dump(now):
            plan.put(node.args[index].value, _made(plan, ast.unparse(now), node, held))
    for word in reversed(new.keywords):  # what is put last comes nearest
        if word.arg is not None and before.get(word.arg) != ast.dump(word.value):
            set_argument(plan, node, word.arg, _made(plan, ast.unparse(word.value), node, held), None)
    return True


def _first_argument(program: Program, node: cst.CSTNode) -> str:
    function = program.function(node)
    names = (
        [one.name.value for one in function.params.params if one.name.value not in ("self", "cls")] if function else []
    )
    if not names:
        raise NoPlace("it stands in no function of one tensor")
    return names[0]


def omit(plan: Plan, edit: Omit) -> None:
    """Takes a method out of a class."""
    owner = class_named(plan.program, edit.owner)
    body = None if owner is None else owner.body
    if not isinstance(body, cst.IndentedBlock) or len(body.body) < 2:
        raise NoPlace(f"there is no class {edit.owner} that holds other methods")
    found = [one for one in body.body if isinstance(one, cst.FunctionDef) and one.name.value == edit.method]
    if len(found) != 1:
        raise NoPlace(f"{edit.owner} has no method {edit.method} of its own")
    plan.drop(found[0])


def keep(plan: Plan, edit: Keep) -> None:
    """Makes in ``__init__`` what a method makes, and uses it there.

    Raises:
        NoPlace: if it is made of what only that method knows.
    """
    owner = class_named(plan.program, edit.owner)
    if owner is None:
        raise NoPlace(f"there is no class {edit.owner} in {plan.program.file}")
    calls = [one for one in matchers.findall(owner, matchers.Call()) if isinstance(one, cst.Call)]
    made = [one for one in calls if last_name(one.func) == edit.made and not _is_in_init(plan.program, one)]
    if len(made) != 1:
        raise NoPlace(f"{len(made) or 'no'} lines of {edit.owner} make a {edit.made}")
    function = plan.program.function(made[0])
    local = _bound_in(function) if isinstance(function, cst.FunctionDef) else {""}
    used = {one.value for one in matchers.findall(made[0], matchers.Name()) if isinstance(one, cst.Name)}
    if used & local:
        raise NoPlace(f"it is made of `{sorted(used & local)[0]}`, which only {edit.owner}'s method knows")
    add_to_init(plan, owner, f"self.{edit.name}", made[0].deep_clone())
    plan.put(made[0], cst.parse_expression(f"self.{edit.name}"))


def _is_in_init(program: Program, node: cst.CSTNode) -> bool:
    function = program.function(node)
    return isinstance(function, cst.FunctionDef) and function.name.value == "__init__"


def _bound_in(function: cst.FunctionDef) -> set[str]:
    """The names that a function binds, the object itself left out."""
    of = function.params
    names = {one.name.value for one in (*of.posonly_params, *of.params, *of.kwonly_params)}
    for node in matchers.findall(function.body, matchers.AssignTarget() | matchers.For()):
        names |= {one.value for one in matchers.findall(node.target, matchers.Name()) if isinstance(one, cst.Name)}  # type: ignore[attr-defined]
    return names - {"self"}
