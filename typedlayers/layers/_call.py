"""The check of one call: arguments → specs → verdict → repaired arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typedlayers.adapters.eager import repaired
from typedlayers.bridge import source
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.tensors import holds_tensor, keep_mask, specs_of
from typedlayers.checker.ledger import Entry
from typedlayers.contracts.contract import Checked, Resolved, Rule, check
from typedlayers.contracts.tree import match_tree
from typedlayers.contracts.unify import Mismatch
from typedlayers.diagnostics.model import Diagnostic, Location, Severity
from typedlayers.enforce.allow import is_allowed
from typedlayers.enforce.message import RESULT, Subject, explain
from typedlayers.enforce.plan import after
from typedlayers.enforce.verdict import Verdict, judge
from typedlayers.errors import ContractError
from typedlayers.layers._arguments import check_others
from typedlayers.layers._contract import contract_for, parameters_of
from typedlayers.layers._state import Plan, State
from typedlayers.layers._unsized import unsized
from typedlayers.modes import Level, Mode
from typedlayers.spec import SpecTree, place_of, spec_at


def named(parameters: tuple[str, ...], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the arguments of a call by name; superfluous positional ones are Keras's to complain of."""
    return {**dict(zip(parameters, args, strict=False)), **kwargs}


def tensor_specs(resolved: Resolved, arguments: Mapping[str, Any]) -> dict[str, SpecTree]:
    """Returns the specs of the arguments that a contract speaks of."""
    return {
        name: specs_of(arguments[name])
        for name in resolved.arguments
        if name in arguments and (holds_tensor(arguments[name]) or arguments[name] is None)
    }


def verdict_of(
    layer: Any, state: State, resolved: Resolved, arguments: Mapping[str, Any], mode: Mode
) -> tuple[Verdict, Checked, dict[str, SpecTree]]:
    """Checks one call and asks the mode what to do."""
    specs = tensor_specs(resolved, arguments)
    shared = state.shared if resolved.own else None
    checked = check(resolved, specs, bindings=shared, values=arguments)
    verdict = judge(checked, resolved, specs, mode, subject_of(layer, state), allowed=state.allowed, bindings=shared)
    return verdict, checked, specs


def judged(
    layer: Any, state: State, args: tuple[Any, ...], kwargs: Mapping[str, Any], mode: Mode
) -> tuple[Resolved, tuple[str, ...], dict[str, Any], Verdict, Checked, dict[str, SpecTree]] | None:
    """Returns all that is known of one call before it is made, None for a layer without a contract.

    Raises:
        ContractError: TL101 and TL102, which no mode repairs.
    """
    resolved = contract_for(layer, state)
    if resolved is None:
        return None
    parameters = parameters_of(layer, resolved)
    arguments = named(parameters, args, kwargs)
    check_others(layer, state, arguments)
    verdict, checked, specs = verdict_of(layer, state, resolved, arguments, mode)
    unknown = unsized(layer, resolved, arguments, subject_of(layer, state)) if verdict.passes else None
    if unknown is not None and not is_allowed(unknown, state.allowed):
        verdict = Verdict(errors=(unknown,))
    return resolved, parameters, arguments, verdict, checked, specs


def subject_of(layer: Any, state: State | None) -> Subject:
    """Returns whom a message about a layer is about."""
    label = label_of(layer)
    return Subject(label, f'"{layer.name}"', state.location(label) if state is not None else Location(what=label))


def say(verdict: Verdict, mode: Mode, state: State) -> None:
    """Raises a verdict's errors, or warns of its warnings: each time of what the mode lets pass, once of what may be.

    Raises:
        ContractError: with all errors of the verdict.
    """
    if verdict.errors:
        raise ContractError(verdict.errors)
    told = tuple(d for d in verdict.warnings if d.is_error or f"{d.code} {d.headline}" not in state.told)
    if told:
        warn(told, mode)
        state.told |= {f"{d.code} {d.headline}" for d in told}


def warn(diagnostics: tuple[Diagnostic, ...], mode: Mode) -> None:
    """Warns, or raises where the mode promotes warnings.

    Raises:
        ContractError: if ``mode.warnings`` is ``"error"``.
    """
    if mode.warnings is Level.ERROR:
        raise ContractError(diagnostics)
    source.warn(diagnostics)


def repair_all(arguments: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """Returns the arguments with every planned repair done."""
    return {name: _mended(value, plan, name) for name, value in arguments.items()}


def _mended(value: Any, plan: Plan, place: str) -> Any:
    """Returns a value, or a nest of them, with the repairs done that are planned for its places."""
    for repair in plan.get(place, ()):
        mended = repaired(repair, value)
        value = mended if repair.kind == "flatten" else keep_mask(value, mended)
    if not any(planned.startswith(f"{place}[") for planned in plan):
        return value
    if isinstance(value, Mapping):
        return {key: _mended(item, plan, place_of(place, (key,))) for key, item in value.items()}
    return [_mended(item, plan, place_of(place, (index,))) for index, item in enumerate(value)]


def enter_in_ledger(
    layer: Any, state: State, verdict: Verdict, checked: Checked, specs: Mapping[str, SpecTree]
) -> None:
    """Writes a verdict's repairs down."""
    by_argument = {m.argument: (m, rule) for m, rule in checked.mismatches}
    for argument, repairs in verdict.repairs.items():
        spec = spec_at(specs, argument)
        mismatch, rule = by_argument[argument]
        for repair in repairs:
            if spec is None:
                continue
            changed = after(repair, spec)
            subject = subject_of(layer, state)
            why = _reason(mismatch, rule, state, subject)
            state.ledger.add(
                Entry(
                    repair, f"`{argument}` of {label_of(layer)}", subject.where, why.headline, why.code, spec, changed
                )
            )
            spec = changed


def _reason(mismatch: Mismatch, rule: Rule | None, state: State, subject: Subject) -> Diagnostic:
    """Returns the diagnostic that a repair answers."""
    assert state.contract is not None
    return explain(mismatch, rule, state.contract, subject, ())


def check_result(
    layer: Any, state: State, resolved: Resolved, checked: Checked, outputs: Any, values: Mapping[str, Any], mode: Mode
) -> None:
    """Checks a layer's result against its return annotation.

    Raises:
        ContractError: TL207, if it is not what the annotation promises.
    """
    if resolved.outputs is None or not resolved.promises or not holds_tensor(outputs):
        return
    scope = {**values, "self": layer}
    came = specs_of(outputs)
    found = match_tree(resolved.outputs, came, checked.bindings, argument=RESULT, policy=resolved.policy, scope=scope)
    if not isinstance(found, Mismatch):
        return
    subject = subject_of(layer, state)
    told = explain(found, None, resolved, subject, ())
    promised = told.with_(
        code="TL207",
        headline=told.headline.replace(f"{subject.label} needs", f"{subject.label} promises").replace(
            "but gets", "but gives"
        ),
    )
    if is_allowed(promised, state.allowed):
        return
    if promised.severity is Severity.ERROR:
        raise ContractError([promised])
    warn((promised,), mode)
