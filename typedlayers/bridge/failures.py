"""What failed as a model ran: the op and its layer, or the line of a step that took its data apart."""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Iterable, Iterator
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.members import has_own_call, place_of
from typedlayers.bridge.model_graph import kept_graph
from typedlayers.bridge.raised import said
from typedlayers.bridge.stack import inner_layers
from typedlayers.diagnostics.model import Location
from typedlayers.facts.refusals import FailedOp, FailedStep, NoGradient, UnlikeOptimizer
from typedlayers.spec import Spec
from typedlayers.verdict.source import user_line

_NODE: Final = re.compile(r"\{\{(?:function_)?node ([^}]+)\}\}")
_INDEX: Final = re.compile(r"indices\[[\d, ]*\] = (-?\d+) is not in \[0, (\d+)\)")
_PRODUCT: Final = re.compile(r"Matrix size-incompatible: In\[0\]: \[\d+,(\d+)\], In\[1\]: \[(\d+),\d+\]")
_FRAME: Final = re.compile(r"Graph execution error|Detected at node|\[\[|File |stack traces")
_STEPS: Final = ("train_step", "test_step", "predict_step")
_PARTS: Final = ("x", "y", "sample_weight")


def failed_op(model: Any, error: BaseException) -> FailedOp | None:
    """Returns the op of a layer that failed as it ran, None if an exception is of no op of a layer.

    Args:
        model: the model that ran.
        error: an exception of TensorFlow's that names a node of the graph.
    """
    text = said(error)
    found = (_layer_at(model, path) for path in _NODE.findall(text))
    layer = next((one for one in found if one is not None), None)
    if layer is None:
        return None
    index, product = _INDEX.search(text), _PRODUCT.search(text)
    return FailedOp(
        label=label_of(layer),
        where=place_of(layer),
        own=has_own_call(type(layer)),
        said=_in_short(text),
        index=None if index is None else (int(index[1]), int(index[2])),
        product=None if product is None else (int(product[1]), int(product[2])),
        came=_came(model, layer),
    )


def _layer_at(model: Any, path: str) -> Any:
    """The layer whose name is the last in the name of a node: TensorFlow numbers a name that it knows already."""
    layers = [one for one in inner_layers(model) if one is not model]
    for part in reversed(path.split("/")):
        bare = re.sub(r"_\d+$", "", part)
        found = _named(layers, part) or _named(layers, bare)
        if found is not None:
            return found
    return None


def _named(layers: Iterable[Any], name: str) -> Any:
    return next((one for one in layers if one.name == name), None)


def _in_short(text: str) -> str:
    """The sentence of TensorFlow's message that says what failed, without its frame around it."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("<")]
    told = [one for one in lines if not _FRAME.match(one)]
    line = re.sub(r"\s*\[Op:.*|\{\{(?:function_)?node [^}]*\}\}\s*", "", told[-1] if told else text)
    return line if len(line) <= 160 else line[:157] + "..."


def _came(model: Any, layer: Any) -> Spec | None:
    """What a layer of a functional model gets, None if it is not known or not one tensor."""
    graph = kept_graph(model)
    label = label_of(layer)
    for node in () if graph is None else graph.nodes:
        if node.subject.label == label and len(node.gets) == 1:
            return node.gets[0].spec
    return None


# ---------------------------------------------------------------------------------------------- the data of a step
def failed_step(model: Any, error: BaseException) -> FailedStep | None:
    """Returns the line of a step of the user's that takes its data apart wrongly, None if nothing of that kind failed.

    Args:
        model: the model that ran.
        error: what its ``fit``, ``evaluate`` or ``predict`` raised.
    """
    text = said(error)
    if not re.match(r"(too many|not enough) values to unpack", text) and "Iterating over a symbolic" not in text:
        return None
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        code = frame.f_code
        if code.co_name not in _STEPS or frame.f_locals.get("self") is not model:
            continue
        data = frame.f_locals.get(code.co_varnames[1]) if code.co_argcount > 1 else None
        parts = _PARTS[: len(data)] if isinstance(data, tuple) and len(data) <= len(_PARTS) else ("x",)
        line = linecache.getline(code.co_filename, number).strip()
        if not re.search(rf"=\s*{code.co_varnames[1]}\b", line):
            return None
        where = Location(code.co_filename, number, f"{code.co_name} of {label_of(model)}")
        label = f"the {code.co_name} of {label_of(model)}"
        return FailedStep(label=label, where=where, text=line, step=code.co_name, parts=parts)
    return None


def unlike_optimizer(model: Any, error: BaseException) -> UnlikeOptimizer | None:
    """Returns the optimizer that does not know a weight of its model, None if an exception says something else.

    ``Optimizer._trainable_variables`` are the weights that it was built for; without them none is taken for known.
    """
    if not said(error).startswith("Unknown variable: "):
        return None
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    known = {id(one) for one in getattr(optimizer, "_trainable_variables", ())}
    unknown = {id(one) for one in model.trainable_variables} - known
    holders = (
        one for one in inner_layers(model) if unknown & set(map(id, getattr(one, "_trainable_variables", one.weights)))
    )
    layer = next(holders, model)
    others = bool(known & {id(one) for one in model.weights})
    file, line = user_line() or (None, None)
    label = label_of(model)
    return UnlikeOptimizer(
        model=label,
        where=Location(file, line, label),
        kind=type(optimizer).__name__,
        layer=label_of(layer),
        others=others,
    )


_CUTS: Final = (
    "argmax",
    "argmin",
    "argsort",
    "round",
    "sign",
    "floor",
    "ceil",
    "one_hot",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "stop_gradient",
    "numpy",
    "int",
)
"""Functions whose result has no gradient by their argument."""


def _names_behind(function: Any) -> Iterator[str]:
    """The names of the functions that the variables of a function's code stand for: ``f = ops.round``."""
    plain = inspect.unwrap(getattr(function, "__func__", function))
    if not inspect.isfunction(plain):
        return
    cells = dict(zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True))
    for name in (*cells, *plain.__code__.co_names):
        one = cells[name].cell_contents if name in cells else plain.__globals__.get(name)
        if callable(one):
            yield getattr(one, "__name__", "")


def no_gradient(model: Any, error: BaseException) -> NoGradient | None:
    """Returns the loss of the user's that no weight gets a gradient of, None if an exception says something else."""
    if not said(error).startswith("No gradients provided for any variable"):
        return None
    label = label_of(model)
    functions = ((getattr(one, "fn", one), one) for one in keras.tree.flatten(model.loss))
    for function, given in functions:
        method = type(given).call if isinstance(given, keras.losses.Loss) and not hasattr(given, "fn") else function
        code = getattr(method, "__code__", None)
        if code is None or method.__module__.partition(".")[0] in ("keras", "tensorflow"):
            continue
        name = f'Loss "{code.co_name if method is function else type(given).__name__}" of {label}'
        called = {*code.co_names, *_names_behind(method)}
        cuts = tuple(one for one in _CUTS if one in called)
        return NoGradient(label=name, where=Location(code.co_filename, code.co_firstlineno, name), cuts=cuts)
    return None  # of a loss of Keras's the cause lies in the layers, of which TL617 and TL717 speak
