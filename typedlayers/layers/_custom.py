"""What a layer of the user's own did in one call, judged: Keras's layers are not looked at here.

What ``call`` raised reaches the user as it is, unless trials show why: then a `ContractError` comes from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

import keras

from typedlayers.bridge import trial
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import State
from typedlayers.bridge.model_graph import is_composed, seen_graph
from typedlayers.bridge.raised import clash_of, line_of, said
from typedlayers.bridge.recording import Recorder
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.errors import ContractError
from typedlayers.modes import Mode
from typedlayers.rules.custom import layers as custom
from typedlayers.rules.shapes import forgotten_flatten
from typedlayers.rules.topics import Called
from typedlayers.spec import Spec, leaves
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge, say

_KERAS: Final = ("keras", "tensorflow", "typedlayers")
_own: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def is_users_own(layer: Any) -> bool:
    """Whether the ``call`` of a layer is the user's: of a class of hers, or the function of a ``Lambda``."""
    cls = type(layer)
    found = _own.get(cls)
    if found is None:
        found = _own[cls] = _is_own(cls)
    return found


def _is_own(cls: type) -> bool:
    if issubclass(cls, keras.Model):
        return False
    owner = next(base for base in cls.__mro__ if "call" in vars(base))
    return owner.__module__.partition(".")[0] not in _KERAS or owner is keras.layers.Lambda


def overseen(layer: Any, state: State, mode: Mode, inherited: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the call of a user's layer with a judgement of what it gave or raised.

    Args:
        layer: a layer for which `is_users_own`.
        state: what is remembered of it.
        mode: what to do with what is found.
        inherited: Keras's own ``__call__`` of it.
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            outputs = inherited(*args, **kwargs)
        except ContractError:
            raise
        except trial.FAILURES as error:
            cause = error
            found = guarded(label_of(layer), lambda: _why_it_failed(layer, state, (args, kwargs), cause))
            verdict = judge([] if found is None else [found], mode, state.allowed)
            if not verdict.errors:
                raise
            raise ContractError(verdict.errors) from error
        found = guarded(label_of(layer), lambda: tuple(_about_its_result(layer, state, (args, kwargs), outputs)))
        say(judge(found or (), mode, state.allowed), mode, set())
        return outputs

    return call


# ------------------------------------------------------------------------------------- what it raised
def _why_it_failed(layer: Any, state: State, arguments: trial.Arguments, error: BaseException) -> Diagnostic | None:
    line = line_of(error)
    if line is None:
        return None
    label = label_of(layer)
    clash = clash_of(error)
    if clash is not None and layer.compute_dtype in clash.dtypes:
        return custom.dtype_clash(label, state.location(label), layer.compute_dtype, clash.dtypes, clash.op, line)
    came = _first_unknown(arguments)
    if came is None or not all(trial.runs(layer, arguments, batch=count) for count in custom.COUNTS):
        return None
    return custom.unknown_batch(label, state.location(label), came, said(error), line)


def _first_unknown(arguments: trial.Arguments) -> Any:
    """The first tensor of a call whose number of samples is not known, None if there is none."""
    args, kwargs = arguments
    specs = (spec for _, spec in leaves(specs_of([*args, *kwargs.values()])))
    return next((spec for spec in specs if spec.shape and spec.shape[0] is None), None)


# --------------------------------------------------------------------------------------- what it gave
def _about_its_result(layer: Any, state: State, arguments: trial.Arguments, outputs: Any) -> Iterator[Diagnostic]:
    found = _declared_otherwise(layer, state, arguments, outputs) or _fixes_the_batch(layer, state, arguments, outputs)
    if found is not None:
        yield found


def _declared_otherwise(layer: Any, state: State, arguments: trial.Arguments, outputs: Any) -> Diagnostic | None:
    """Compares a result with ``compute_output_shape``: as it is, and as it is traced when not training."""
    if state.agreed:
        return None
    if any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(arguments)):
        state.announced = True
        return None  # Keras took the result from the very method
    method, inherited = trial.declaring(layer)
    if inherited and not state.announced:
        return None  # nobody asks the method that a user's class took over from Keras's
    says = trial.declared(layer, arguments)
    if says is None or not custom.disagree(says, specs_of(outputs)):
        state.agreed = says is None or _first_unknown(arguments) is None
        return None
    args, kwargs = arguments
    if "training" in trial.parameters(layer):
        kwargs = {**kwargs, "training": False}
    try:
        gives = trial.tried(layer, (args, kwargs))
    except trial.FAILURES:
        return None
    label = label_of(layer)
    return custom.wrong_output_shape(label, state.location(label), method, inherited, says, gives)


def _fixes_the_batch(layer: Any, state: State, arguments: trial.Arguments, outputs: Any) -> Diagnostic | None:
    """Tries one sample more and one less where a result has a fixed number of rows but the batch is unknown."""
    came = _first_unknown(arguments)
    if came is None:
        return None
    for count in custom.fixed_counts(came, specs_of(outputs)):
        try:
            trial.tried(layer, arguments, batch=count + 1)
        except trial.FAILURES as error:
            line = line_of(error)
            if line is not None and trial.runs(layer, arguments, batch=count):
                label = label_of(layer)
                gave = specs_of(outputs)
                return custom.fixed_batch(label, state.location(label), came, gave, count, said(error), line)
    return None


# ------------------------------------------------------------------------------------ what it called
def of_call(layer: Any, where: Location, notes: Recorder, came: Any, outputs: Any) -> list[Diagnostic]:
    """Returns what the rules say of the calls that one call of a layer made, where no targets say what it is for."""
    spec, gave = specs_of(came), specs_of(outputs)
    if not isinstance(spec, Spec) or not isinstance(gave, Spec):
        return []
    notes.calls = [call for outer in notes.calls for call in (outer.inner if outer.layer is layer else [outer])]
    graph = seen_graph(layer, notes, came, outputs, (), is_composed)
    return list(forgotten_flatten.find(Called(label_of(layer), where, graph, spec, gave)))
