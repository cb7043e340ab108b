"""Edits of a call of ``compile``: the loss, an argument of it, a metric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import libcst as cst

from typedlayers.catalogue import losses, metrics
from typedlayers.diagnostics.edit import Loss, LossArgument, Metric, MetricArgument, Setting
from typedlayers.source.arguments import argument, set_argument
from typedlayers.source.names import expression
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted, is_text, last_name

POSITIONS: Final = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
"""The first arguments of ``compile``."""


def give_loss(plan: Plan, call: cst.Call, edit: Loss) -> None:
    """Gives ``compile`` another loss."""
    old, value = _loss(plan.program, call, edit.output), expression(plan, edit.value, call)
    if old is None:
        set_argument(plan, call, "loss", value, None)
    else:
        plan.put(old, value)


def give_loss_argument(plan: Plan, call: cst.Call, edit: LossArgument) -> None:
    """Gives an argument of the loss another value; a name becomes its class."""
    old, value = _loss(plan.program, call, edit.output), expression(plan, edit.value, call)
    if isinstance(old, cst.Call):
        set_argument(plan, old, edit.name, value, None)
        return
    if old is None:
        raise NoPlace("compile is given no loss")
    name = old.evaluated_value if isinstance(old, cst.SimpleString) else last_name(old)
    row = losses.LOSSES.get(str(name))
    if row is None:
        raise NoPlace(f"`{plan.program.code(old)}` is no loss of Keras's")
    made: Any = expression(plan, f"losses.{row.cls}()", call)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    plan.put(old, made.with_changes(args=[cst.Arg(value, keyword=cst.Name(edit.name), equal=equal)]))


def _loss(program: Program, call: cst.Call, output: str) -> cst.BaseExpression | None:
    given = argument(call, "loss", POSITIONS.index("loss"))
    if given is None:
        return None
    loss = followed(program, given.value)
    return loss if not output else _of_output(program, loss, output)


def give_setting(plan: Plan, call: cst.Call, edit: Setting) -> None:
    """Gives ``compile`` an argument that is made of the one that it was given."""
    given = argument(call, edit.name, POSITIONS.index(edit.name))
    if given is None:
        raise NoPlace(f"compile is given no {edit.name}")
    held = followed(plan.program, given.value)
    literal = isinstance(held, cst.Dict | cst.List | cst.Tuple)
    plan.put(given.value, expression(plan, edit.code, call, {edit.name: held if literal else given.value}))


def _of_output(program: Program, given: cst.BaseExpression, output: str) -> cst.BaseExpression:
    if isinstance(given, cst.Dict):
        for item in given.elements:
            if isinstance(item, cst.DictElement) and is_text(item.key, output):
                return followed(program, item.value)
        raise NoPlace(f"the losses have no key {output!r}")
    if isinstance(given, cst.List | cst.Tuple):
        raise NoPlace("the losses are a list, which does not name the outputs")
    return given


def losses_made(program: Program) -> Iterator[cst.Call]:
    """Yields the calls of a file that make a loss of Keras's."""
    classes = {row.cls for row in losses.LOSSES.values()}
    yield from (call for call in program.calls if last_name(call.func) in classes)


def exchange_loss(plan: Plan, call: cst.Call, edit: Loss) -> None:
    """Makes another loss where one is made; a loss by name becomes its class."""
    row = losses.LOSSES.get(edit.value.strip("'\""))
    plan.put(call, expression(plan, edit.value if row is None else f"losses.{row.cls}()", call))


def give_metric(plan: Plan, call: cst.Call, edit: Metric) -> None:
    """Gives ``compile`` another metric in the place of one."""
    plan.put(_metric(plan.program, call, edit.old, edit.output), expression(plan, edit.code, call))


def give_metric_argument(plan: Plan, call: cst.Call, edit: MetricArgument) -> None:
    """Gives an argument of a metric another value; a name becomes its class."""
    old, value = _metric(plan.program, call, edit.old, edit.output), expression(plan, edit.value, call)
    if isinstance(old, cst.Call):
        set_argument(plan, old, edit.name, value, None)
        return
    kind = edit.old.partition("(")[0].strip("'\"")
    row = metrics.CLASSES.get(kind) or metrics.FUNCTIONS.get(kind)
    if row is None or not row.cls:
        raise NoPlace(f"`{plan.program.code(old)}` is no metric of Keras's")
    made: Any = expression(plan, f"metrics.{row.cls}()", call)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    plan.put(old, made.with_changes(args=[cst.Arg(value, keyword=cst.Name(edit.name), equal=equal)]))


def _metric(program: Program, call: cst.Call, old: str, output: str) -> cst.BaseExpression:
    given = argument(call, "metrics", POSITIONS.index("metrics"))
    if given is None:
        raise NoPlace("compile is given no metrics by that name")
    held = followed(program, given.value)
    if isinstance(held, cst.Dict):
        held = _of_output(program, held, output)
    values = [item.value for item in held.elements] if isinstance(held, cst.List | cst.Tuple) else [held]
    found = [value for value in values if _is_metric(program, value, old)]
    if not found and len(values) == 1:
        found = values
    if len(found) != 1:
        raise NoPlace(f"{'none' if not found else 'more than one'} of the metrics is {old}")
    return followed(program, found[0])


def _is_metric(program: Program, value: cst.BaseExpression, old: str) -> bool:
    bare = old.strip("'\"")
    if isinstance(value, cst.SimpleString):
        return value.evaluated_value == bare or f'"{value.evaluated_value}"' in old
    name = last_name(value.func if isinstance(value, cst.Call) else value)
    return bool(name) and (bare == name or bare.partition("(")[0].partition(" ")[0] == name or f'"{name}"' in old)


def followed(program: Program, node: cst.BaseExpression) -> cst.BaseExpression:
    """Returns the value of a name that is assigned once and used once, else the node itself.

    Raises:
        NoPlace: if the name is a parameter: its value is for callers to choose.
    """
    name = dotted(node)
    if not name or "." in name:
        return node
    function = program.function(node)
    if isinstance(function, cst.FunctionDef) and name in {p.name.value for p in _parameters(function)}:
        raise NoPlace(f"`{name}` is a parameter of the function {function.name.value}")
    return program.sole_value(name, node) or node


def _parameters(function: cst.FunctionDef) -> list[cst.Param]:
    of = function.params
    return [*of.posonly_params, *of.params, *of.kwonly_params]
