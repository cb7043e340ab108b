"""A functional model as a whole: what its plain layers get, and the ways that its inputs take to the first weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.graph import Call, calls_of, functional_of, paths_from
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.members import allowed_for, location_of
from typedlayers.bridge.model_graph import node_of
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.resolved import named, parameters_of, resolved_of, tensor_specs
from typedlayers.bridge.tensors import specs_of
from typedlayers.contracts.contract import check
from typedlayers.contracts.unify import Bindings
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.graph import Node
from typedlayers.layers._typed import is_typed
from typedlayers.modes import STRICT, Mode
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.spec import Spec
from typedlayers.verdict.gate import judge, tell


def check_graph(model: Any, mode: Mode) -> None:
    """Checks the plain layers of a functional model; typed ones were checked as they were called.

    What a plain layer gets cannot be repaired any more: the call was made. So every mode but off raises.

    Raises:
        ContractError: with every mismatch, in model order.
    """
    errors, warned = judged_calls(model, only=_is_unjudged)
    tell([one.with_(repairs=()) for one in (*errors, *warned)], mode, set(), model_state(model).allowed)


def judged_calls(
    model: Any, only: Callable[[Any], bool] = lambda layer: True
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Returns errors and warnings of the layers of a functional model, in model order.

    Args:
        model: the model; of one that is not functional there is nothing to say.
        only: which layers are looked at.
    """
    errors: list[Diagnostic] = []
    warned: list[Diagnostic] = []
    for call, within in _layer_calls(model):
        if only(call.operation):
            found = _judged(call, within, model_state(model).names(label_of(model)))
            errors += found[0]
            warned += found[1]
    return errors, warned


def _is_unjudged(layer: Any) -> bool:
    """Whether a layer is plain and was not checked as it was called."""
    return not is_typed(type(layer)) and state_of(layer) is None


def _layer_calls(model: Any) -> Iterator[tuple[Call, str]]:
    """The calls of layers, those inside models of the model too, each with its place."""
    calls, label = calls_of(model), label_of(model)
    for index, call in enumerate(calls):
        operation = call.operation
        if isinstance(operation, keras.Model) and functional_of(operation) is not None:
            yield from _layer_calls(operation)
        elif isinstance(operation, keras.layers.Layer):
            yield call, f"layer {index + 1} of {len(calls)} in {label}"


def _judged(call: Call, within: str, shared: Bindings | None) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    layer = call.operation
    resolved = resolved_of(layer)
    if resolved is None:
        return (), ()
    arguments = named(parameters_of(layer, resolved), call.args, call.kwargs)
    specs = tensor_specs(resolved, arguments)
    label = label_of(layer)
    where = location_of(layer)
    subject = Subject(
        label, f'"{layer.name}"', type(where)(where.file, where.line, label, within), type(layer).__name__
    )
    shared = shared if resolved.own else None
    checked = check(resolved, specs, bindings=shared, values=arguments)
    verdict = judge(findings_of(checked, resolved, specs, subject, shared), STRICT, allowed_for(layer))
    return verdict.errors, verdict.warnings


def ways_of(graph: Any, tensor: Any, label: str) -> Iterator[tuple[tuple[Node, ...], tuple[Spec, ...]]]:
    """Yields the ways of one input through a functional model, as nodes and what each of them gets.

    Args:
        graph: the functional model, or the one inside a Sequential.
        tensor: the input.
        label: the model in the user's names.
    """
    for way in paths_from(graph, tensor):
        nodes, specs = [], []
        for operation, came in way:
            spec = specs_of(came)
            if not isinstance(operation, keras.layers.Layer) or not isinstance(spec, Spec):
                break
            nodes.append(node_of(operation, operation, (), {}, (), (), within=f"in {label}"))
            specs.append(spec)
        yield tuple(nodes), tuple(specs)
