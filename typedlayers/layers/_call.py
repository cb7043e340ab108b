"""The check of one call: arguments → specs → verdict → repaired arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typedlayers.adapters.eager import repaired
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.history import was_called_symbolically
from typedlayers.bridge.layer_state import Plan, State
from typedlayers.bridge.resolved import contract_for, named, parameters_of, tensor_specs
from typedlayers.bridge.tensors import holds_tensor, keep_mask, specs_of, with_mask
from typedlayers.bridge.written import named_call
from typedlayers.contracts.contract import Checked, Resolved, check
from typedlayers.contracts.tree import match_tree
from typedlayers.contracts.unify import Mismatch
from typedlayers.diagnostics.model import Certainty, Location
from typedlayers.diagnostics.repair_kinds import kind_of_repair
from typedlayers.diagnostics.subject import Subject
from typedlayers.layers._arguments import check_others
from typedlayers.layers._unsized import unsized
from typedlayers.modes import Mode
from typedlayers.rules.contracts.explain import explain_result
from typedlayers.rules.contracts.findings import findings_of
from typedlayers.rules.contracts.headlines import RESULT
from typedlayers.rules.custom import exchanged_arguments
from typedlayers.spec import Carrier, SpecTree, leaves, place_of, spec_at
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import Verdict, judge, say


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """All that is known of one call before it is made.

    Attributes:
        resolved: the layer's contract.
        parameters: the names of the positional parameters of ``call``.
        arguments: the arguments by name.
        specs: those that the contract speaks of.
        checked: what the check found, and the names that it bound.
        verdict: what the mode makes of it.
    """

    resolved: Resolved
    parameters: tuple[str, ...]
    arguments: Mapping[str, Any]
    specs: Mapping[str, SpecTree]
    checked: Checked
    verdict: Verdict


def checked_call(
    layer: Any, state: State, args: tuple[Any, ...], kwargs: Mapping[str, Any], mode: Mode
) -> CheckedCall | None:
    """Checks one call, and asks the mode what to do; None for a layer without a contract.

    Raises:
        ContractError: TL101 and TL102, which no mode repairs.
    """
    resolved = contract_for(layer, state)
    if resolved is None:
        return None
    parameters = parameters_of(layer, resolved)
    arguments = named(parameters, args, kwargs)
    check_others(layer, state, arguments)
    arguments = with_mask(arguments.get(resolved.first), arguments)
    specs, subject = tensor_specs(resolved, arguments), subject_of(layer, state)
    shared = state.shared if resolved.own else None
    checked = check(resolved, specs, bindings=shared, values=arguments)
    found = tuple(findings_of(checked, resolved, specs, subject, shared))
    if found and not _is_symbolic(specs) and was_called_symbolically(layer):
        # what is a perhaps was said as the model was made; Keras gives other dtypes than it announced, on purpose
        found = tuple(one for one in found if one.certainty is Certainty.CERTAIN)
    called = guarded(label_of(layer), lambda: named_call(layer, args))
    if called is not None:
        found = (*found, *exchanged_arguments.find(called))
    if not found:
        unknown = unsized(layer, resolved, arguments, subject)
        found = () if unknown is None else (unknown,)
    return CheckedCall(resolved, parameters, arguments, specs, checked, judge(found, mode, state.allowed))


def _is_symbolic(specs: Mapping[str, SpecTree]) -> bool:
    return any(spec.carrier in (Carrier.SYMBOLIC, Carrier.INPUT) for tree in specs.values() for _, spec in leaves(tree))


def subject_of(layer: Any, state: State | None) -> Subject:
    """Returns whom a message about a layer is about."""
    label = label_of(layer)
    where = state.location(label) if state is not None else Location(what=label)
    return Subject(label, f'"{layer.name}"', where, type(layer).__name__)


def repair_all(arguments: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Returns the arguments with every planned repair done."""
    return {name: _mended(value, plan, name) for name, value in arguments.items()}


def _mended(value: Any, plan: Plan, place: str) -> Any:
    """Returns a value, or a nest of them, with the repairs done that are planned for its places."""
    for repair in plan.get(place, ()):
        mended = repaired(repair, value)
        value = keep_mask(value, mended) if kind_of_repair(repair).keeps_steps else mended
    if not any(planned.startswith(f"{place}[") for planned in plan):
        return value
    if isinstance(value, Mapping):
        return {key: _mended(item, plan, place_of(place, (key,))) for key, item in value.items()}
    return [_mended(item, plan, place_of(place, (index,))) for index, item in enumerate(value)]


def enter_in_ledger(layer: Any, state: State, verdict: Verdict, specs: Mapping[str, SpecTree]) -> None:
    """Writes a verdict's repairs down."""
    for finding in verdict.repaired:
        argument = "" if finding.place is None else finding.place.part
        spec = spec_at(specs, argument)
        if spec is not None:
            state.ledger.add_all(finding, f"`{argument}` of {label_of(layer)}", spec)


def check_result(layer: Any, state: State, call: CheckedCall, outputs: Any, mode: Mode) -> None:
    """Checks a layer's result against its return annotation.

    Raises:
        ContractError: TL207, if it is not what the annotation promises.
    """
    resolved = call.resolved
    if resolved.outputs is None or not resolved.promises or not holds_tensor(outputs):
        return
    scope = {**call.arguments, "self": layer}
    given = specs_of(outputs)
    bindings = call.checked.bindings
    found = match_tree(resolved.outputs, given, bindings, argument=RESULT, policy=resolved.policy, scope=scope)
    if isinstance(found, Mismatch):
        promised = explain_result(found, resolved, subject_of(layer, state))
        say(judge([promised], mode, state.allowed), mode, state.told)
