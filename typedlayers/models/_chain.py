"""The chain of a Sequential: walked along its contracts, repaired in its stack."""

from __future__ import annotations

from typing import Any

from typedlayers.adapters.nodes import layer_for
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.members import contract_in_model
from typedlayers.bridge.model_graph import layers_in_order
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.resolved import names_of
from typedlayers.bridge.stack import inner_layers, input_layer, set_stack, stack_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.modes import Mode
from typedlayers.rules.contracts.repair_plan import after
from typedlayers.rules.contracts.walk import Found, Walk, walk
from typedlayers.spec import Carrier, Origin, Spec
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.gate import tell


def walked(model: Any, spec: Spec) -> Walk:
    """Sends a spec through a Sequential's chain."""
    state = model_state(model)
    return walk(layers_in_order(model), spec, state.names(label_of(model)), frozenset(state.dims))


def check_chain(model: Any, spec: Spec, mode: Mode) -> None:
    """Checks a chain before it is built, and puts the repairs that the mode asks for into the stack.

    Raises:
        ContractError: with every mismatch.
    """
    found, state = walked(model, spec), model_state(model)
    nodes = layers_in_order(model)
    allowed = {id(one.diagnostic): nodes[one.index].allowed for one in found.found}
    kept = [one for one in found.found if not is_allowed(one.diagnostic, allowed[id(one.diagnostic)])]
    verdict = tell([*(one.diagnostic for one in kept), *_unused_names(model)], mode, state.told, state.allowed)
    for layer in model.layers:  # each is called next, and would say it again
        inner = state_of(layer)
        if inner is not None:
            inner.told |= state.told
    repaired = [one for one in kept if one.diagnostic in verdict.repaired]
    if repaired:
        _insert(model, repaired)


def input_dtype(model: Any) -> str:
    """Returns the dtype that Keras casts a Sequential's input to."""
    given = input_layer(model)
    return model.layers[0].compute_dtype if given is None else given.dtype


def input_origin(model: Any) -> Origin | None:
    """Returns the input of a Sequential as the origin of what reaches its first layer."""
    given = input_layer(model)
    return None if given is None else Origin(f'Input "{given.name}"')


def declared_spec(model: Any) -> Spec | None:
    """Returns what a Sequential's declared input gives to its first layer, None where none is declared."""
    given = input_layer(model)
    shape = None if given is None else shape_of(given.batch_shape)
    if shape is None or not model.layers:
        return None
    return Spec(input_dtype(model), (None, *shape[1:]), Carrier.INPUT, origin=input_origin(model))


def _insert(model: Any, repaired: list[Found]) -> None:
    """Puts the planned repairs into the stack, as layers of plain Keras, so that every artefact keeps them."""
    ledger, label, stack, layers = model_state(model).ledger, label_of(model), stack_of(model), model.layers
    skip = len(stack) - len(layers)
    for one in reversed(repaired):
        spec, new = one.before, []
        for repair in one.diagnostic.repairs:
            new.append(layer_for(repair, spec, f"{layers[one.index].name}_{repair.kind}"))
            spec = after(repair, spec)
        stack[skip + one.index : skip + one.index] = new
    for one in repaired:
        ledger.add_all(one.diagnostic, f'before "{layers[one.index].name}" in {label}', one.before)
    set_stack(model, stack)


def _unused_names(model: Any) -> list[Diagnostic]:
    """A warning for names of ``dims=`` that no annotation has."""
    state, label = model_state(model), label_of(model)
    if not state.dims:
        return []
    contracts = [contract_in_model(layer) for layer in inner_layers(model)]
    used = frozenset[str]().union(*(names_of(c) for c in contracts if c is not None and c.own))
    unused = sorted(set(state.dims) - used)
    if not unused:
        return []
    known = f"its layers' annotations have {', '.join(sorted(used))}" if used else "no layer of it is annotated"
    headline = f"dims= of {label} names {', '.join(unused)}, which no annotation has"
    return [Diagnostic("TL105", headline, state.location(label), why=known)]
