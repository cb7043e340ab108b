"""Which contract a typed layer has: annotations first, then what its class was given, then the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from typedlayers.bridge import annotations as hints
from typedlayers.bridge.contracts import catalogue_contract, facts_of, fixes_batch, resolve_catalogue
from typedlayers.bridge.layer_state import State, state_of
from typedlayers.bridge.tensors import holds_tensor, specs_of
from typedlayers.contracts.contract import Contract, Resolved
from typedlayers.contracts.dims import Axis, Name, names_in
from typedlayers.contracts.dtypes import Policy
from typedlayers.contracts.tree import Dict, Fixed, Many, patterns, tree_of
from typedlayers.spec import SpecTree

CONTRACT: Final = "_typedlayers_contract"
DEFINITION: Final = "_typedlayers_definition"


def contract_for(layer: Any, state: State) -> Resolved | None:
    """Returns a typed layer's contract, resolved once: annotations first, then what its class was given."""
    known = state.known
    if known is None:
        contract = _resolve(layer, state)
        whole = fixes_batch(layer) or (contract is not None and _needs_all(layer, contract))
        known = state.known = contract, whole
    return known[0]


def _resolve(layer: Any, state: State) -> Resolved | None:
    cls = type(layer)
    contract = class_contract(cls)
    if contract is None:
        resolved = _from_call(layer) if hasattr(cls, DEFINITION) else None
    else:
        resolved = resolve_catalogue(layer, contract, resolved_of)
    if state.annotated is None:
        return resolved
    inputs, outputs = state.annotated
    arguments = dict(resolved.arguments) if resolved else {}
    if inputs is not None:
        first = resolved.first if arguments and resolved else call_signature(cls).parameters[0]
        arguments[first] = tree_of(inputs)
    result = tree_of(outputs) if outputs is not None else resolved.outputs if resolved else None
    return Resolved(
        arguments=arguments,
        outputs=result,
        policy=resolved.policy if resolved else hints.policy_of(layer),
        layer=layer,
        rules=resolved.rules if resolved else (),
        facts=facts_of(layer),
        contract=resolved.contract if resolved else None,
        own=inputs is not None or (resolved is not None and resolved.own),
        promises=outputs is not None or (resolved is not None and resolved.promises),
    )


def is_typed(cls: type) -> bool:
    """Returns True if a class is typed, by itself or by a base."""
    return hasattr(cls, DEFINITION)


def class_contract(cls: type) -> Contract | None:
    """The contract that a class was given, unless a subclass of it has a ``call`` or ``build`` of its own."""
    for base in cls.__mro__:
        if CONTRACT in vars(base):
            return vars(base)[CONTRACT]
        if base.__module__.partition(".")[0] == "keras":
            return catalogue_contract(cls)
        if "call" in vars(base) or "build" in vars(base):
            return None
    return catalogue_contract(cls)


def argument_contract(cls: type) -> Contract | None:
    """The contract whose parameter types hold for a class's constructor; a subclass with its own keeps it not."""
    given = getattr(cls, CONTRACT, None)
    return catalogue_contract(cls) if given is None and not hasattr(cls, DEFINITION) else given


def contract_of_class(cls: type) -> Resolved | Contract | None:
    """Returns what holds for every layer of a class: what it was given, or the annotations of its ``call``."""
    contract = class_contract(cls)
    return _from_annotations(cls, cls, Policy(None)) if contract is None and is_typed(cls) else contract


def _from_call(layer: Any) -> Resolved | None:
    resolved = _from_annotations(type(layer), layer, hints.policy_of(layer))
    return None if resolved is None else replace(resolved, facts=facts_of(layer))


def _from_annotations(cls: type, owner: Any, policy: Policy) -> Resolved | None:
    """Returns the contract that a ``call`` declares; the sizes ``{self.x}`` are attributes of the owner."""
    signature = call_signature(cls)
    if not signature.declares:
        return None
    return Resolved(
        arguments=signature.arguments,
        outputs=signature.outputs,
        policy=policy,
        layer=owner,
        own=True,
        promises=signature.outputs is not None,
    )


_signatures: WeakKeyDictionary[type, hints.Signature] = WeakKeyDictionary()


def call_signature(cls: type) -> hints.Signature:
    """Returns what the ``call`` of a class declares; read once, and kept as long as the class."""
    found = _signatures.get(cls)
    if found is None:
        found = _signatures[cls] = _read_signature(cls)
    return found


def _read_signature(cls: type) -> hints.Signature:
    if not hasattr(cls, DEFINITION):  # the annotations of a plain class are not ours to read
        return hints.Signature({}, {}, None, *hints.parameter_names(cls.call))  # pyright: ignore
    owner = next((base for base in cls.__mro__ if "call" in vars(base)), cls)
    definition = vars(owner).get(DEFINITION) or hints.Definition()
    return hints.signature_of(cls.call, definition, cls)  # pyright: ignore


def parameters_of(layer: Any, resolved: Resolved) -> tuple[str, ...]:
    """Returns the names of the positional parameters of a layer's ``call``, its first by the contract's name."""
    names: tuple[str, ...] = call_signature(type(layer)).parameters
    if resolved.first not in names and names:
        return (resolved.first, *names[1:])
    return names


def _needs_all(layer: Any, resolved: Resolved) -> bool:
    """Whether a contract says something of the batch axis or of other arguments: all belongs to a signature then."""
    signature = call_signature(type(layer))
    if resolved.own and {*signature.parameters[1:], *signature.keywords} - {"training"}:
        return True
    if any(isinstance(tree, Many | Fixed | Dict) for tree in resolved.arguments.values()):
        return True
    declared = [p for tree in resolved.arguments.values() for p in patterns(tree)]
    if len(declared) > 1 or len(resolved.arguments) > 1:
        return True
    for pattern in declared:
        first = pattern.dims[0] if pattern.dims else None
        if not isinstance(first, Axis):
            continue
        if not isinstance(first.size, Name):
            return True
        others = [dim for dim in pattern.dims[1:] if isinstance(dim, Axis)]
        if any(first.size.name in names_in(dim.size) for dim in others):
            return True
    return False


def names_of(resolved: Resolved) -> frozenset[str]:
    """Returns the dimension names of a contract of the user's own."""
    trees = [*resolved.arguments.values(), *([resolved.outputs] if resolved.outputs is not None else [])]
    found = set[str]()
    for pattern in (pattern for tree in trees for pattern in patterns(tree)):
        for dim in pattern.dims:
            if isinstance(dim, Axis):
                found |= names_in(dim.size)
    return frozenset(found)


def resolved_of(layer: Any) -> Resolved | None:
    """Returns the contract of any Keras layer as it is now: a typed layer's own, the catalogue's for a plain one."""
    state = state_of(layer)
    if state is not None:
        state.refresh(layer.input_spec)
        return contract_for(layer, state)
    contract = catalogue_contract(type(layer))
    return None if contract is None else resolve_catalogue(layer, contract, resolved_of)


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
