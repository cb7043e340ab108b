"""What a layer of the user's own did in one call, judged: Keras's layers are not looked at here.

What ``call`` raised reaches the user as it is, unless trials show why: then a `ContractError` comes from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import keras

from typedlayers.bridge import trial
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import State
from typedlayers.bridge.making import noting_layers, with_weights
from typedlayers.bridge.members import has_own_call
from typedlayers.bridge.model_graph import is_composed, seen_graph
from typedlayers.bridge.recording import Recorder, noting
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.errors import ContractError
from typedlayers.facts.calls import Declaration, Failure, UsersCall, disagree, fixed_counts
from typedlayers.layers._explained import call_of, explain, first_unknown, tries
from typedlayers.modes import Mode
from typedlayers.rules.custom import (
    call_without_result,
    fixed_batch,
    layer_in_call,
    wrong_output_shape,
)
from typedlayers.rules.shapes import forgotten_flatten
from typedlayers.rules.topics import Called
from typedlayers.spec import Spec
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge, say

_own: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def is_users_own(layer: Any) -> bool:
    """Whether the ``call`` of a layer is the user's: of a class of hers, or the function of a ``Lambda``."""
    cls = type(layer)
    found = _own.get(cls)
    if found is None:
        found = _own[cls] = _is_own(cls)
    return found


def _is_own(cls: type) -> bool:
    return not issubclass(cls, keras.Model) and has_own_call(cls)


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
            with noting(args), noting_layers(layer) as made:
                outputs = inherited(*args, **kwargs)
        except ContractError as error:
            error.keep_origin()
            raise
        except trial.FAILURES as error:
            explain(layer, state, mode, (args, kwargs), error)
            raise
        say_made(layer, state, mode, made, args)
        found = guarded(label_of(layer), lambda: _about_its_result(layer, state, (args, kwargs), outputs))
        say(judge(found or (), mode, state.allowed), mode, set())
        return outputs

    return call


def say_made(layer: Any, state: State, mode: Mode, made: list[Any], args: Any) -> None:
    """Says that a call made layers with weights, which the next call makes anew.

    Raises:
        ContractError: if it did.
    """
    if not made:
        return

    def looked_at() -> list[Diagnostic]:
        label, found = label_of(layer), with_weights(layer, made, args)
        return list(layer_in_call.find(UsersCall(label=label, where=state.location(label), made=found)))

    say(judge(guarded(label_of(layer), looked_at) or (), mode, state.allowed), mode, set())


# --------------------------------------------------------------------------------------- what it gave
def _about_its_result(layer: Any, state: State, arguments: trial.Arguments, outputs: Any) -> list[Diagnostic]:
    if outputs is None and any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(arguments)):
        return list(call_without_result.find(replace(call_of(layer, state, arguments), gives_none=True)))
    if state.agreed and first_unknown(arguments) is None:
        return []  # an eager call of a layer that was asked before
    call = replace(call_of(layer, state, arguments), gives=specs_of(outputs))
    call = replace(call, declared=_declaration(layer, state, arguments, call))
    return list(wrong_output_shape.find(call)) or list(fixed_batch.find(_with_trials(layer, arguments, call)))


def _declaration(layer: Any, state: State, arguments: trial.Arguments, call: UsersCall) -> Declaration | None:
    """Asks ``compute_output_shape``; where it contradicts a result, ``call`` is traced again, not training."""
    if state.agreed:
        return None
    if any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten(arguments)):
        state.announced = True
        return None  # Keras took the result from the very method
    method, inherited = trial.declaring(layer)
    if inherited and not state.announced:
        return None  # nobody asks the method that a user's class took over from Keras's
    says = trial.declared(layer, arguments)
    if says is None or not disagree(says, call.gives):
        state.agreed = says is None or call.came is None
        return None
    args, kwargs = arguments
    if "training" in trial.parameters(layer):
        kwargs = {**kwargs, "training": False}
    try:
        gives = trial.tried(layer, (args, kwargs))
    except trial.FAILURES:
        return None
    return Declaration(method, inherited, says, gives)


def _with_trials(layer: Any, arguments: trial.Arguments, call: UsersCall) -> UsersCall:
    """Tries one sample more and one less where a result has a fixed number of rows but the batch is unknown."""
    if call.came is None:
        return call
    tried: dict[int, Failure | None] = {}
    for count in fixed_counts(call.came, call.gives):
        fails = not tries(layer, arguments, count + 1, tried) and count + 1 in tried
        if fails and tries(layer, arguments, count, tried):
            break
    return replace(call, tried=tried)


# ------------------------------------------------------------------------------------ what it called
def of_call(layer: Any, where: Location, notes: Recorder, came: Any, outputs: Any) -> list[Diagnostic]:
    """Returns what the rules say of the calls that one call of a layer made, where no targets say what it is for."""
    spec, gave = specs_of(came), specs_of(outputs)
    if not isinstance(spec, Spec) or not isinstance(gave, Spec):
        return []
    notes.calls = [call for outer in notes.calls for call in (outer.inner if outer.layer is layer else [outer])]
    graph = seen_graph(layer, notes, came, outputs, (), is_composed)
    return list(forgotten_flatten.find(Called(label_of(layer), where, graph, spec, gave)))
