"""The layers of a Sequential before they are built: checked as a whole, repaired in its stack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from typedlayers.adapters.nodes import layer_for
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.evidence import model_evidence
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.model_graph import layers_in_order
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import set_stack, stack_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.models._examine import unused_names, walked
from typedlayers.models._fixes import with_proven_fixes
from typedlayers.modes import Mode
from typedlayers.rules.contracts.walk import Found, Walk
from typedlayers.spec import Spec
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.gate import judge, tell


def check_chain(model: Any, spec: Spec, mode: Mode) -> None:
    """Checks the layers before they are built, and puts the repairs that the mode asks for into the stack.

    Raises:
        ContractError: with every mismatch.
    """
    found, state, nodes = walked(model, spec), model_state(model), layers_in_order(model)
    kept = [one for one in found.found if not is_allowed(one.diagnostic, nodes[one.index].allowed)]
    told = _with_fixes(model, [*(one.diagnostic for one in kept), *unused_names(model)], found, mode)
    kept = [replace(one, diagnostic=other) for one, other in zip(kept, told, strict=False)]
    verdict = tell(told, mode, state.told, state.allowed)
    for layer in model.layers:  # each is called next, and would say it again
        inner = state_of(layer)
        if inner is not None:
            inner.told |= state.told
    repaired = [one for one in kept if one.diagnostic in verdict.repaired]
    if repaired:
        _insert(model, repaired)


def _with_fixes(model: Any, told: list[Diagnostic], walk: Walk, mode: Mode) -> list[Diagnostic]:
    """Searches the fixes of what is about to be said."""
    verdict = judge(told, mode, model_state(model).allowed)
    if not (verdict.errors or verdict.warnings):
        return told
    return with_proven_fixes(model, model_evidence(model), told, walk)


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
