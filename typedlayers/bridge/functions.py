"""A loss or metric of the user's that failed: which one it is, and what it did."""

from __future__ import annotations

import inspect
import re
import traceback
from types import CodeType, FrameType
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.raised import failure_of
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Location
from typedlayers.facts.calls import FunctionCall
from typedlayers.spec import Spec
from typedlayers.verdict.source import is_installed, is_users


def failed_call(model: Any, error: BaseException, kind: str, y: Any, y_pred: Any) -> FunctionCall | None:
    """Returns the call of a user's loss or metric that an exception came from, None if it came from none.

    Args:
        model: the model that is trained or evaluated.
        error: what its ``compute_loss`` or ``compute_metrics`` raised.
        kind: ``loss`` or ``metric``.
        y: its targets.
        y_pred: its outputs.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    first = next((frame for frame in frames if _is_users(frame)), None)
    gives_none, makes, takes = False, False, None
    found = (
        None if first is not None else next((one for one in map(_given_and_result, frames) if one is not None), None)
    )
    if first is not None:
        code, name = first.f_code, _name(first)
    elif found is not None:
        function, gave = found
        code, name, gives_none = function.__code__, function.__qualname__, gave is None
        takes = _other_parameters(function) if gave is _NOTHING else None
        makes = callable(gave) or (takes is not None and any(isinstance(one, CodeType) for one in code.co_consts))
        if not (gives_none or makes or takes is not None):
            return None
    else:
        return _refusing_method(model, error, kind)
    label = f'{kind.capitalize()} "{_short(name)}"'
    given = specs_of(y), specs_of(y_pred)
    targets, outputs = (one if isinstance(one, Spec) else None for one in given)
    where = Location(code.co_filename, code.co_firstlineno, label)
    label = f"{label} of {label_of(model)}"
    return FunctionCall(
        label=label,
        kind=kind,
        where=where,
        targets=targets,
        outputs=outputs,
        failed=failure_of(error),
        gives_none=gives_none,
        makes=makes,
        takes=takes,
    )


def _is_users(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return is_users(frame) and not is_installed(file) and "__autograph_generated_file" not in file


def _name(frame: FrameType) -> str:
    owner = frame.f_locals.get("self")
    if isinstance(owner, keras.losses.Loss | keras.metrics.Metric):
        return type(owner).__name__
    return frame.f_code.co_qualname


def _short(name: str) -> str:
    """A qualified name without the functions that it was defined in."""
    return name.rpartition("<locals>.")[2]


_REFUSES: Final = re.compile(r"^([\w.<>]+)\.(update_state|__call__|call)\(\) (?:got an unexpected|takes|missing)")
"""How Python says that a method does not take its arguments."""


def _refusing_method(model: Any, error: BaseException, kind: str) -> FunctionCall | None:
    """The method of a loss or metric of the user's that does not take what Keras gives it, None if it is none."""
    said = _REFUSES.match(str(error)) if isinstance(error, TypeError) else None
    if said is None:
        return None
    given = [*keras.tree.flatten(model.loss), *model.metrics, *_inner_metrics(model)]
    owner = next((one for one in given if type(one).__qualname__ == said[1]), None)
    method = getattr(type(owner), said[2], None)
    code = getattr(method, "__code__", None)
    if owner is None or not isinstance(code, CodeType):
        return None
    label = f'{kind.capitalize()} "{_short(said[1])}"'
    where = Location(code.co_filename, code.co_firstlineno, label)
    takes = (said[2], *code.co_varnames[1 : code.co_argcount])
    return FunctionCall(label=f"{label} of {label_of(model)}", kind=kind, where=where, takes=takes, method=True)


def _inner_metrics(model: Any) -> list[Any]:
    """The metrics as ``compile`` got them: the model lists none before they were computed once."""
    compiled = getattr(model, "_compile_metrics", None)
    return [] if compiled is None else keras.tree.flatten([getattr(compiled, "_user_metrics", None)])


_NOTHING: Final = object()
"""Stands for the result of a function that did not run."""


def _given_and_result(frame: FrameType) -> tuple[Any, Any] | None:
    """The user's function that a frame of Keras's calls, and what it gave; None of every other frame."""
    names = frame.f_locals
    owner = names.get("self")
    if isinstance(owner, keras.losses.Loss) and frame.f_code.co_name in ("__call__", "call"):
        given, result = getattr(owner, "fn", type(owner).call), "losses"
    elif isinstance(owner, keras.metrics.Metric) and frame.f_code.co_name == "update_state":
        given, result = getattr(owner, "_fn", None), "values"
    else:
        return None
    gave = names.get(result, _NOTHING)
    fails = gave is _NOTHING and _other_parameters(given) is not None
    if not isinstance(getattr(given, "__code__", None), CodeType) or not (gave is None or callable(gave) or fails):
        return None
    return None if given.__module__.partition(".")[0] in ("keras", "tensorflow") else (given, gave)


def _other_parameters(function: Any) -> tuple[str, ...] | None:
    """The parameters of a function that does not take targets and outputs, None of one that does."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(None, None)
    except TypeError:
        return tuple(signature.parameters)
    return None
