"""Edits of data: the argument of a call that gives it is rewritten, ``fit(x, y)`` → ``fit(x / 255, y)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import libcst as cst

from typedlayers.diagnostics.edit import Adapt, Data
from typedlayers.source.arguments import argument, set_argument
from typedlayers.source.names import expression
from typedlayers.source.namesakes import with_targets
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program, dotted, last_name
from typedlayers.source.site import Finding, Stop

ENTRIES: Final = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
"""The methods of a model that take data."""

_MADE_OF: Final = {"sample_weight": ("class_weight",)}
"""Arguments that come in the place of another one."""

_EQUAL: Final = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))

_WITH_TARGETS: Final = ("fit", "evaluate")
_PLACES: Final = {"x": 0, "ds": 0, "y": 1}
_ARGUMENT: Final = {"x": "x", "ds": "x", "y": "y"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that gives data, and the stop that led to it."""

    node: cst.Call
    stop: Stop

    @property
    def entry(self) -> str:
        """The model's method, empty for a call of a model or layer."""
        name = last_name(self.node.func)
        return name if isinstance(self.node.func, cst.Attribute) and name in ENTRIES else ""


def data_call(program: Program, stops: tuple[Stop, ...]) -> Call | None:
    """Returns the call of this file that gave the data of a finding."""
    calls = []
    for stop in stops:
        if stop.site.file == program.file:
            try:
                calls.append(Call(program.call_at(stop.site), stop))
            except NoPlace:
                continue
    return next((call for call in calls if call.entry), calls[0] if calls else None)


def give_data(plan: Plan, call: Call, edit: Data, finding: Finding) -> None:
    """Gives a call other data, and the later calls of the same model that are given the same.

    Raises:
        NoPlace: if the data are no argument of the call.
    """
    if finding.is_of_validation:
        _give_validation(plan, call, edit)
        return
    x, y = argument(call.node, "x", 0), argument(call.node, "y", 1)
    if edit.place not in _PLACES:
        _give_argument(plan, call, edit, {"x": x, "y": y})
        return
    if x is None or x.star:
        raise NoPlace(f"{edit.place} is no argument of the call")
    if edit.place != "ds" and y is None and _is_dataset(call, x.value):
        edit = _of_dataset(call, edit, x)
    named = {name: arg.value for name, arg in (("x", x), ("y", y)) if arg is not None}
    given = y if edit.place == "y" else x
    if given is None:
        if "x" not in edit.code:
            raise NoPlace("the call is given no y")
        set_argument(plan, call.node, "y", expression(plan, edit.code, call.node, named), None)
        return
    for same in (call.node, *_alike(plan.program, call, edit, given.value)):
        value = argument(same, _ARGUMENT[edit.place], _PLACES[edit.place])
        assert value is not None
        plan.put(value.value, expression(plan, edit.code, same, {**named, edit.place: value.value}))


def _give_argument(plan: Plan, call: Call, edit: Data, given: Mapping[str, cst.Arg | None]) -> None:
    """Gives another argument of the call a value, made of what the call is given."""
    words = {arg.keyword.value: arg for arg in call.node.args if arg.keyword is not None}
    named = {name: arg.value for name, arg in {**given, **words}.items() if arg is not None}
    old, value = words.get(edit.place), expression(plan, edit.code, call.node, named)
    for name, arg in words.items():
        if name != edit.place and name in _MADE_OF.get(edit.place, ()):
            if old is not None:
                raise NoPlace(f"the call is given {name} and {edit.place}")
            plan.change(arg, lambda _: cst.Arg(value, keyword=cst.Name(edit.place), equal=_EQUAL, comma=arg.comma))  # noqa: B023
            return
    set_argument(plan, call.node, edit.place, value, None)


def _alike(program: Program, call: Call, edit: Data, given: cst.BaseExpression) -> Iterator[cst.Call]:
    """Yields the other calls of the model that are given the same name."""
    name, model = dotted(given), dotted(call.node.func).rpartition(".")[0]
    if not (name and model and call.entry):
        return
    for other in program.calls:
        if other is call.node or dotted(other.func).rpartition(".")[0] != model or last_name(other.func) not in ENTRIES:
            continue
        if program.function(other) is not program.function(call.node):
            continue
        value = argument(other, _ARGUMENT[edit.place], _PLACES[edit.place])
        if value is not None and dotted(value.value) == name:
            yield other


# -------------------------------------------------------------------------------------------- datasets
def _is_dataset(call: Call, given: cst.BaseExpression) -> bool:
    """Returns True for a name of a dataset; for an expression where x and y have to come from it."""
    if isinstance(given, cst.Name):
        return given.value in call.stop.datasets
    return call.entry in _WITH_TARGETS


def _of_dataset(call: Call, edit: Data, given: cst.Arg) -> Data:
    """Returns the edit as a map of a dataset whose elements are pairs, or tensors alone."""
    parts = call.stop.datasets.get(dotted(given.value))
    names = ("x", "y", "w")[: 2 if parts is None else max(parts, 1)]
    if edit.place not in names:
        raise NoPlace(f"the dataset gives no {edit.place}")
    made = ", ".join(edit.code if name == edit.place else name for name in names)
    return Data("ds", f"ds.map(lambda {', '.join(names)}: {made if len(names) == 1 else f'({made})'})")


# ------------------------------------------------------------------------------------------ validation
def _give_validation(plan: Plan, call: Call, edit: Data) -> None:
    given = argument(call.node, "validation_data")
    if given is None:
        raise NoPlace("the validation data are no argument of the call")
    value = given.value
    if edit.place == "validation_data":
        plan.put(value, expression(plan, edit.code, call.node, with_targets(plan.program, value)))
        return
    if not isinstance(value, cst.Tuple):
        whole = edit if edit.place == "ds" else _of_dataset(call, edit, given)
        plan.put(value, expression(plan, whole.code, call.node, {"ds": value}))
        return
    parts = {name: item.value for name, item in zip(("x", "y"), value.elements, strict=False)}
    if edit.place not in parts:
        raise NoPlace(f"{edit.place} of the validation data is not given by itself")
    plan.put(parts[edit.place], expression(plan, edit.code, call.node, parts))


# --------------------------------------------------------------------------------------------- adapting
def adapt(plan: Plan, call: Call, edit: Adapt, made: cst.Call | None) -> None:
    """Puts a line before the call that trains, in which a layer learns from the data.

    Raises:
        NoPlace: if the data are no argument of the call, or the layer cannot be named there.
    """
    x = argument(call.node, "x", 0)
    line = plan.program.around(call.node, cst.SimpleStatementLine)
    if x is None or x.star or line is None:
        raise NoPlace("x is no argument of the call")
    given = "x"
    if _is_dataset(call, x.value) and argument(call.node, "y", 1) is None:
        parts = call.stop.datasets.get(dotted(x.value), 2)
        given = f"x.map(lambda {', '.join(('x', 'y', 'w')[:parts])}: x)" if parts > 1 else "x"
    code = expression(plan, edit.code.replace("x", given) if given != "x" else edit.code, call.node, {"x": x.value})
    adapted = cst.Call(cst.Attribute(_named(plan, call, edit, made), cst.Name("adapt")), [cst.Arg(code)])
    plan.beside(line, before=[cst.SimpleStatementLine([cst.Expr(adapted)])])


def _named(plan: Plan, call: Call, edit: Adapt, made: cst.Call | None) -> cst.BaseExpression:
    """The layer by the name that the file gives it, or of the model that is trained."""
    outer = None if made is None else plan.program.parent(made)
    if isinstance(outer, cst.Assign) and len(outer.targets) == 1 and made is not None:
        target = outer.targets[0].target
        if isinstance(target, cst.Name) and plan.program.function(made) in (None, plan.program.function(call.node)):
            return target
    if not isinstance(call.node.func, cst.Attribute):
        raise NoPlace("the model has no name there")
    name = edit.layer.rpartition('"')[0].rpartition('"')[2]
    getter = cst.Attribute(call.node.func.value.deep_clone(), cst.Name("get_layer"))
    return cst.Call(getter, [cst.Arg(cst.SimpleString(f'"{name}"'))])
