"""What the call of a layer raised or refused, explained: by its arguments, and by trials of the user's code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from typedlayers.bridge import trial
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import State
from typedlayers.bridge.members import has_own_call
from typedlayers.bridge.misuse import refused_adapt, refused_call
from typedlayers.bridge.misuse import unlike_weights as unlike_weights_of
from typedlayers.bridge.raised import failure_of
from typedlayers.bridge.tensors import specs_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.errors import ContractError, WrongTypeError
from typedlayers.facts.calls import COUNTS, Failure, UsersCall
from typedlayers.modes import Checking, Mode
from typedlayers.rules.custom import (
    call_arguments,
    dtype_clash,
    layer_in_call,
    tensorflow_function,
    unknown_batch,
    unlike_weights,
    values_in_trace,
)
from typedlayers.rules.data import adapt_data
from typedlayers.spec import Spec, leaves
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge


def explain(layer: Any, state: State, mode: Mode, arguments: trial.Arguments, error: BaseException) -> None:
    """Explains what the call of a layer or model raised, if it can be explained.

    Raises:
        ContractError: from what was raised.
    """
    refused = _unlike_its_call(layer, arguments)
    found = refused
    if has_own_call(type(layer)) and not found:
        found = guarded(label_of(layer), lambda: _why_it_failed(layer, state, arguments, error)) or []
    verdict = judge(found, mode, state.allowed)
    if verdict.errors:
        kind = WrongTypeError if refused and isinstance(error, TypeError) else ContractError
        raise kind(verdict.errors, origin=error) from error


def explain_arguments(layer: Any, state: State, mode: Mode, arguments: trial.Arguments) -> None:
    """Explains arguments whose nest is wrong because they are not those of ``call``.

    Raises:
        ContractError: if they are not.
    """
    verdict = judge(_unlike_its_call(layer, arguments), mode, state.allowed)
    if verdict.errors:
        raise ContractError(verdict.errors) from None


def explain_adapt(layer: Any, state: State, mode: Mode, given: tuple[Any, ...], error: BaseException) -> None:
    """Explains why the ``adapt`` of a layer failed, if its data are not what the layer learns from.

    Raises:
        ContractError: from what was raised.
    """
    if isinstance(error, ContractError) or mode.checking is Checking.OFF or not given:
        return
    refused = guarded(label_of(layer), lambda: refused_adapt(layer, given[0]))
    verdict = judge([] if refused is None else list(adapt_data.find(refused)), mode, state.allowed)
    if verdict.errors:
        kind = WrongTypeError if isinstance(error, TypeError) else ContractError
        raise kind(verdict.errors, origin=error) from error


def explain_weights(owner: Any, state: State, mode: Mode, given: tuple[Any, ...], error: BaseException) -> None:
    """Explains why a model or layer refused weights, if it got a list of them.

    Raises:
        ContractError: from what was raised.
    """
    if isinstance(error, ContractError) or mode.checking is Checking.OFF or len(given) != 1:
        return
    unlike = guarded(label_of(owner), lambda: unlike_weights_of(owner, given[0]))
    verdict = judge([] if unlike is None else list(unlike_weights.find(unlike)), mode, state.allowed)
    if verdict.errors:
        raise ContractError(verdict.errors, origin=error) from error


def _unlike_its_call(layer: Any, arguments: trial.Arguments) -> list[Diagnostic]:
    own = has_own_call(type(layer))
    refused = guarded(label_of(layer), lambda: refused_call(layer, *arguments, own=own))
    return [] if refused is None else list(call_arguments.find(refused))


def call_of(layer: Any, state: State, arguments: trial.Arguments) -> UsersCall:
    """Returns what is known of one call of a layer of the user's."""
    label = label_of(layer)
    came = first_unknown(arguments)
    return UsersCall(label=label, where=state.location(label), computes=layer.compute_dtype, came=came)


def first_unknown(arguments: trial.Arguments) -> Spec | None:
    """Returns the first tensor of a call whose number of samples is not known, None if there is none."""
    args, kwargs = arguments
    specs = (spec for _, spec in leaves(specs_of([*args, *kwargs.values()])))
    return next((spec for spec in specs if spec.shape and spec.shape[0] is None), None)


def _why_it_failed(layer: Any, state: State, arguments: trial.Arguments, error: BaseException) -> list[Diagnostic]:
    failed = failure_of(error)
    if failed is None:
        return []
    call = replace(call_of(layer, state, arguments), failed=failed)
    asked = (dtype_clash, values_in_trace, layer_in_call, tensorflow_function)
    found = [one for rule in asked for one in rule.find(call)]
    if found or call.came is None:
        return found
    tried: dict[int, Failure | None] = {}
    for count in COUNTS:
        if not tries(layer, arguments, count, tried):
            return []
    return list(unknown_batch.find(replace(call, tried=tried)))


def tries(layer: Any, arguments: trial.Arguments, count: int, tried: dict[int, Failure | None]) -> bool:
    """Runs a call for a number of samples and notes what became of it; returns True if it ran."""
    try:
        trial.tried(layer, arguments, batch=count)
    except trial.FAILURES as error:
        failure = failure_of(error)
        if failure is not None:
            tried[count] = failure
        return False
    tried[count] = None
    return True
