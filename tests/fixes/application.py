"""The edits of a fix, applied to the source of a program."""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from typedlayers.diagnostics.edit import (
    Adapt,
    Argument,
    Attribute,
    Data,
    Edit,
    Exchange,
    Gather,
    Insert,
    Keep,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Omit,
    OnTensors,
    Remove,
    Replace,
    Rewrite,
    Setting,
    Side,
)
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.source import numpy, rewriting
from typedlayers.source.plan import Plan
from typedlayers.source.program import NoPlace, Program

NAMES = {
    "np": "numpy",
    "tf": "tensorflow",
    "keras": "typedlayers.keras",
    "layers": "typedlayers.keras.layers",
    "losses": "keras.losses",
    "metrics": "keras.metrics",
    "ops": "keras.ops",
}
"""What the names in the code of an edit stand for; a program calls them as it likes, so they are imported anew."""

CALLS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


class NotApplicable(Exception):
    """The edit cannot be made in this source by a rule."""


def applied(source: str, edits: Iterable[tuple[Edit, Diagnostic]]) -> str:
    """Returns a program's source with edits made in it.

    Args:
        source: the program.
        edits: what is to be changed, and the diagnostic that it is for.
    """
    edits = list(edits)
    tree = ast.parse(_with_own_code(source, [edit for edit, _ in edits]))
    for node in ast.walk(tree):  # places are those of the source as it was
        node._line = getattr(node, "lineno", None)  # type: ignore[attr-defined]
    for edit, of in edits:
        tree = _made(tree, edit, of)
    imports = ast.parse("\n".join(f"import {module} as _{name}" for name, module in NAMES.items())).body
    imports += ast.parse("from tests.fixes.data import exchanged as _exchanged").body
    tree.body[:0] = imports
    return ast.unparse(ast.fix_missing_locations(tree))


def _made(tree: ast.Module, edit: Edit, of: Diagnostic) -> ast.Module:
    where = of.where
    match edit:
        case Argument(layer, name, value):
            return _each(tree, _layer_at(tree, layer), lambda call: _with_argument(call, name, _code(value)))
        case Replace(layer, code):
            return _each(tree, _layer_at(tree, layer), lambda call: _exchanged_layer(call, _code(code)))
        case Remove(layer):
            return _without(tree, _layer_at(tree, layer))
        case Exchange(layer, one, two):
            return _each(tree, _called(_layer_at(tree, layer)), lambda call: _in_other_order(call, one, two))
        case Move(layer, side, other):
            return _moved(tree, _layer_at(tree, layer), _layer_at(tree, other), side)
        case Insert(code, layer, _, int(index)):
            return _each(tree, _called(_layer_at(tree, layer)), lambda call: _on_one(call, index, _code(code)))
        case Insert(code, layer, side):
            return _inserted(tree, _layer_at(tree, layer), _code(code), side)
        case Loss(value, output):
            return _each(tree, _compile, lambda call: _with_loss(call, output, lambda _: _code(value)))
        case LossArgument(name, value, output):
            return _each(
                tree, _compile, lambda call: _with_loss(call, output, lambda old: _told(old, name, _code(value)))
            )
        case Metric(old, code, _):
            return _each(tree, _compile, lambda call: _with_metric(call, old, _code(code)))
        case MetricArgument(old, name, value):
            return _each(tree, _compile, lambda call: _with_metric_argument(call, old, name, _code(value)))
        case Setting(name, code):
            return _each(tree, _compile, lambda call: _with_setting(call, name, _code(code)))
        case Adapt(layer, code):
            return _adapted(tree, _giving(tree, where), layer.split('"')[1], _code(code))
        case Keep() | Omit() | Rewrite() | OnTensors():
            return tree
        case Gather(layer):
            return _each(tree, _called(_layer_at(tree, layer)), _gathered)
        case Data(place, code) if place not in ("x", "y", "ds"):
            return _each(tree, _giving(tree, where), lambda call: _with_argument_made(call, place, _code(code)))
        case Data(place, code):
            return _each(tree, _giving(tree, where), lambda call: _with_data(call, place, _code(code), of))
        case Attribute(owner, name, value):
            return _attributed(tree, owner, name, value)


def _code(text: str) -> ast.expr:
    class Renamed(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(f"_{node.id}", node.ctx) if node.id in NAMES else node

    return Renamed().visit(ast.parse(text, mode="eval").body)


def _with_own_code(source: str, edits: Iterable[Edit]) -> str:
    """The source with the edits of the user's own classes and lines made in it."""
    for edit in edits:
        plan = Plan(Program(source.encode()))
        try:
            match edit:
                case Keep():
                    rewriting.keep(plan, edit)
                case Omit():
                    rewriting.omit(plan, edit)
                case Rewrite():
                    rewriting.rewrite(plan, edit)
                case OnTensors():
                    numpy.on_tensors(plan, edit)
        except NoPlace as error:
            raise NotApplicable(str(error)) from error
        source = plan.done().decode()
    return source


# --------------------------------------------------------------------------------------------- finding
def _each(tree: ast.Module, wanted: Callable[[ast.Call], bool], change: Callable[[ast.Call], ast.expr]) -> ast.Module:
    """The tree with every call that is wanted exchanged."""
    found = 0

    class Changed(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.expr:
            nonlocal found
            self.generic_visit(node)
            if not wanted(node):
                return node
            found += 1
            return change(node)

    changed = Changed().visit(tree)
    if not found:
        raise NotApplicable("nothing in the source is what the edit changes")
    return changed


def _layer_at(tree: ast.Module, layer: str) -> Callable[[ast.Call], bool]:
    """Whether a call makes a layer: ``Dense "head"`` and ``"head"`` are both the one that is given ``name="head"``.

    The ``Dense "dense" of TimeDistributed "head"`` may have no name: it is the Dense inside of the other.
    """
    kind, name = layer.split('"')[0].strip(), layer.split('"')[1]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if _is_named(call, name)]
    if not made and " of " in layer:
        outer = layer.rpartition('"')[0].rpartition('"')[2]
        inside = [node for call in calls if _is_named(call, outer) for node in ast.walk(call)]
        made = [node for node in inside if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(f".{kind}")]
    return lambda call: call in made


def _is_named(call: ast.Call, name: str) -> bool:
    return any(word.arg == "name" and _is(word.value, name) for word in call.keywords)


def _called(wanted: Callable[[ast.Call], bool]) -> Callable[[ast.Call], bool]:
    """Whether a call is one of the layer that another call makes."""
    return lambda call: isinstance(call.func, ast.Call) and wanted(call.func)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _compile(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "compile"


def _gives(call: ast.Call) -> bool:
    function = call.func
    return (isinstance(function, ast.Attribute) and function.attr in CALLS) or _is_model(function)


def _is_model(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "model"


def _giving(tree: ast.Module, where: Location) -> Callable[[ast.Call], bool]:
    """Whether a call gives the data that a diagnostic is about: the one on its line, or all if none is on it."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _gives(node)]
    there = [call for call in calls if getattr(call, "_line", None) == where.line]
    return lambda call: call in (there or calls)


# ----------------------------------------------------------------------------------------------- layers
def _with_argument(call: ast.Call, name: str, value: ast.expr) -> ast.Call:
    for word in call.keywords:
        if word.arg == name:
            word.value = value
            return call
    position = _positions(call).get(name)
    if position is not None and position < len(call.args):
        call.args[position] = value
    else:
        call.keywords.append(ast.keyword(name, value))
    return call


def _positions(call: ast.Call) -> dict[str, int]:
    """The places of the arguments of one of Keras's own layers."""
    import keras

    name = ast.unparse(call.func).rpartition(".")[2]
    made = keras.Input if name == "Input" else getattr(keras.layers, name, None)
    return {} if made is None else {word: i for i, word in enumerate(inspect.signature(made).parameters)}


def _on_one(call: ast.Call, index: int, new: ast.expr) -> ast.Call:
    """The call of a layer with one of the tensors that it is given put through another layer."""
    given = call.args[0]
    if not isinstance(given, ast.List):
        raise NotApplicable("the tensors are no list in the source")
    given.elts[index] = ast.Call(new, [given.elts[index]], [])
    return call


def _in_other_order(call: ast.Call, one: int, two: int) -> ast.Call:
    given = call.args[0]
    if not isinstance(given, ast.List):
        raise NotApplicable("the tensors are no list in the source")
    given.elts[one], given.elts[two] = given.elts[two], given.elts[one]
    return call


def _gathered(call: ast.Call) -> ast.Call:
    call.args = [ast.List(call.args, ast.Load())]
    return call


def _exchanged_layer(call: ast.Call, new: ast.expr) -> ast.expr:
    if isinstance(new, ast.Call):
        return new
    call.func = new
    return call


def _inserted(tree: ast.Module, wanted: Callable[[ast.Call], bool], new: ast.expr, side: Side) -> ast.Module:
    """The new layer, or an op on ``x``, beside one: in a list of layers, around a call, or in a small stack."""
    on_x = any(isinstance(node, ast.Name) and node.id == "x" for node in ast.walk(new))
    layer = ast.parse(f"_layers.Lambda(lambda x: {ast.unparse(new)})", mode="eval").body if on_x else new
    found = 0

    class Inserted(ast.NodeTransformer):
        def visit_List(self, node: ast.List) -> ast.List:
            nonlocal found
            beside = [item for item in node.elts if isinstance(item, ast.Call) and wanted(item)]
            for item in beside:
                at = node.elts.index(item) + (side is Side.AFTER)
                node.elts.insert(at, copy.deepcopy(layer))
            found += len(beside)
            self.generic_visit(node)
            return node

        def visit_Call(self, node: ast.Call) -> ast.expr:
            nonlocal found
            self.generic_visit(node)
            if not (isinstance(node.func, ast.Call) and wanted(node.func)):
                return node
            found += 1
            if side is Side.AFTER:
                return ast.Call(copy.deepcopy(layer), [node], [])
            node.args[0] = ast.Call(copy.deepcopy(layer), [node.args[0]], [])
            return node

    changed = Inserted().visit(tree)
    if found:
        return changed
    pair = (lambda call: [layer, call]) if side is Side.BEFORE else (lambda call: [call, layer])
    stack = ast.parse("_keras.Sequential", mode="eval").body
    return _each(tree, wanted, lambda call: ast.Call(stack, [ast.List(pair(call), ast.Load())], []))


def _without(tree: ast.Module, wanted: Callable[[ast.Call], bool]) -> ast.Module:
    found = 0

    class Without(ast.NodeTransformer):
        def visit_List(self, node: ast.List) -> ast.List:
            nonlocal found
            kept = [item for item in node.elts if not (isinstance(item, ast.Call) and wanted(item))]
            found += len(node.elts) - len(kept)
            node.elts = kept
            self.generic_visit(node)
            return node

        def visit_Call(self, node: ast.Call) -> ast.expr:
            nonlocal found
            self.generic_visit(node)
            if isinstance(node.func, ast.Call) and wanted(node.func):
                found += 1
                return node.args[0]
            return node

    changed = Without().visit(tree)
    if not found:
        raise NotApplicable("the layer is made apart from where it is used")
    return changed


def _moved(
    tree: ast.Module, wanted: Callable[[ast.Call], bool], other: Callable[[ast.Call], bool], side: Side
) -> ast.Module:
    """A layer of a list at another place of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List):
            calls = [item for item in node.elts if isinstance(item, ast.Call)]
            moved, beside = next(filter(wanted, calls), None), next(filter(other, calls), None)
            if moved is not None and beside is not None:
                node.elts.remove(moved)
                node.elts.insert(node.elts.index(beside) + (side is Side.AFTER), moved)
                return tree
    raise NotApplicable("the two layers stand in no list")


def _attributed(tree: ast.Module, owner: str, name: str, value: str) -> ast.Module:
    inits = [
        method
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == owner
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__"
    ]
    if not inits:
        raise NotApplicable("the class has no __init__")
    for init in inits:
        init.body += ast.parse(f"self.{name} = {value}").body
    return tree


# ---------------------------------------------------------------------------------------------- compile
def _with_loss(call: ast.Call, output: str, change: Callable[[ast.expr], ast.expr]) -> ast.Call:
    word = next((word for word in call.keywords if word.arg == "loss"), None)
    if word is None:
        raise NotApplicable("the loss is given without its name")
    if not output:
        word.value = change(word.value)
        return call
    if not isinstance(word.value, ast.Dict):
        raise NotApplicable("the losses are not given by the names of the outputs")
    for i, key in enumerate(word.value.keys):
        if key is not None and _is(key, output):
            word.value.values[i] = change(word.value.values[i])
    return call


def _told(loss: ast.expr, name: str, value: ast.expr) -> ast.expr:
    if not isinstance(loss, ast.Call):
        raise NotApplicable("the loss is given by a name, which takes no argument")
    kept = [word for word in loss.keywords if word.arg != name]
    return ast.Call(loss.func, loss.args, [*kept, ast.keyword(name, value)])


def _with_metric(call: ast.Call, old: str, new: ast.expr) -> ast.Call:
    word = next(word for word in call.keywords if word.arg == "metrics")
    if not isinstance(word.value, ast.List):
        raise NotApplicable("the metrics are no list in the source")
    same = [i for i, item in enumerate(word.value.elts) if ast.unparse(item).replace("'", '"').endswith(old)]
    if not same and len(word.value.elts) != 1:
        raise NotApplicable("which of the metrics is meant cannot be seen in the source")
    word.value.elts[same[0] if same else 0] = new
    return call


def _with_metric_argument(call: ast.Call, old: str, name: str, value: ast.expr) -> ast.Call:
    given = next(word.value for word in call.keywords if word.arg == "metrics")
    kind = old.partition("(")[0]
    found = [
        item
        for item in getattr(given, "elts", ())
        if isinstance(item, ast.Call) and ast.unparse(item.func).endswith(f".{kind}")
    ]
    if len(found) != 1:
        raise NotApplicable("which of the metrics is meant cannot be seen in the source")
    found[0].keywords = [word for word in found[0].keywords if word.arg != name] + [ast.keyword(name, value)]
    return call


def _with_setting(call: ast.Call, name: str, code: ast.expr) -> ast.Call:
    word = next((word for word in call.keywords if word.arg == name), None)
    if word is None:
        raise NotApplicable(f"{name} is given without its name")
    word.value = _Put({name: word.value}).visit(code)
    return call


# ------------------------------------------------------------------------------------------------- data
def _with_data(call: ast.Call, place: str, new: ast.expr, of: Diagnostic) -> ast.Call:
    """The call with other data; datasets and generators are mapped when it runs."""
    given = dict(_given(call))
    if "x" not in given:
        raise NotApplicable("the call gives no data")
    others = {name: value for name, value in given.items() if name != place and place != "ds"}
    function = ast.Lambda(ast.parse(f"lambda {place}: 0", mode="eval").body.args, _Put(others).visit(new))  # type: ignore[attr-defined]
    at = place if place in given else "x"
    if of.headline.lower().startswith("validation"):
        return _with_validation(call, place, function)
    value: Any = ast.Call(ast.Name("_exchanged", ast.Load()), [given[at], ast.Constant(_part(place, at)), function], [])
    for i, argument in enumerate(call.args):
        if argument is given[at]:
            call.args[i] = value
    for word in call.keywords:
        if word.value is given[at]:
            word.value = value
    return call


def _with_validation(call: ast.Call, place: str, change: ast.Lambda) -> ast.Call:
    """The call with other validation data."""
    word = next(word for word in call.keywords if word.arg == "validation_data")
    if not isinstance(word.value, ast.Tuple):
        given = [word.value, ast.Constant(_part(place, "x")), change]
        word.value = ast.Call(ast.Name("_exchanged", ast.Load()), given, [])
        return call
    at = ("x", "y").index(place)
    word.value.elts[at] = ast.Call(change, [word.value.elts[at]], [])
    return call


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, given: Mapping[str | None, ast.expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given.get(node.id, node)


def _part(place: str, at: str) -> str:
    """What of a data source is exchanged: all of it, its x or its y."""
    return "all" if place == "ds" else place


def _given(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    yield from zip(("x", "y"), call.args, strict=False)
    yield from ((word.arg, word.value) for word in call.keywords if word.arg in ("x", "y"))


def _with_argument_made(call: ast.Call, name: str, new: ast.expr) -> ast.Call:
    """The call with another argument, made of what it is given."""
    given = {**dict(_given(call)), **{word.arg: word.value for word in call.keywords}}

    value = _Put(given).visit(new)
    call.keywords = [word for word in call.keywords if word.arg not in (name, *_EXCHANGED.get(name, ()))]
    call.keywords.append(ast.keyword(name, value))
    return call


_EXCHANGED = {"sample_weight": ("class_weight",)}


def _adapted(tree: ast.Module, gives: Callable[[ast.Call], bool], layer: str, data: ast.expr) -> ast.Module:
    """A line before the call that trains, in which a layer of the model learns from the data."""
    for holder in ast.walk(tree):
        for body in (getattr(holder, "body", None), getattr(holder, "orelse", None)):
            for at, line in enumerate(body if isinstance(body, list) else ()):
                call = getattr(line, "value", None)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and gives(call):
                    x = next(value for name, value in _given(call) if name == "x")
                    code = f"{ast.unparse(call.func.value)}.get_layer({layer!r}).adapt({ast.unparse(x)})"
                    assert isinstance(body, list)
                    body.insert(at, ast.parse(code).body[0])
                    return tree
    raise NotApplicable("no line gives the data")
