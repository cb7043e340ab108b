"""Which contract a Keras layer has, typed or plain, and what its weights fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from typedlayers.bridge.annotations import policy_of
from typedlayers.bridge.devices import on_devices
from typedlayers.catalogue import contract_named
from typedlayers.contracts.bound import Source
from typedlayers.contracts.contract import Contract, Fact, Inner, Resolved


def label_of(layer: Any) -> str:
    """Returns a layer in the user's names: ``Conv2D "conv1"``."""
    return f'{type(layer).__name__} "{layer.name}"'


def catalogue_contract(cls: type) -> Contract | None:
    """Returns the catalogue's contract of a layer's class, found along its MRO.

    A class of the user's that overrides ``call`` or ``build`` need not keep its base's contract, so it has none.
    """
    for base in cls.__mro__:
        if _is_keras(base):
            return contract_named(base.__name__)
        if "call" in vars(base) or "build" in vars(base):
            return None
    return None


def _is_keras(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == "keras" and cls is getattr(keras.layers, cls.__name__, cls)


def facts_of(layer: Any) -> tuple[Fact, ...]:
    """Returns what a layer's ``input_spec`` fixes: the number of axes, and sizes of axes that its weights have."""
    spec = getattr(layer, "input_spec", None)
    return tuple(_facts(spec, layer)) if isinstance(spec, keras.layers.InputSpec) else ()


def _facts(spec: Any, layer: Any) -> Iterator[Fact]:
    weights = Source(f"the weights of {label_of(layer)}" if layer.built else f"the input_spec of {label_of(layer)}")
    rule = Source(f"{type(layer).__name__} works on this number of axes")
    if spec.ndim is not None and not spec.allow_last_axis_squeeze:
        yield Fact(rule, least=spec.ndim, most=spec.ndim)
    elif spec.min_ndim is not None or spec.max_ndim is not None:
        yield Fact(rule, least=spec.min_ndim, most=spec.max_ndim)
    for axis, size in (spec.axes or {}).items():
        yield Fact(weights, axis=axis, size=size)
    if spec.shape is not None and not spec.allow_last_axis_squeeze:
        for axis, size in enumerate(spec.shape):
            yield Fact(weights, axis=axis, size=size)


def fixes_batch(layer: Any) -> bool:
    """Whether a layer's ``input_spec`` says something of the batch axis, so that whole shapes are looked at."""
    spec = getattr(layer, "input_spec", None)
    if spec is None:
        return False
    if not isinstance(spec, keras.layers.InputSpec):
        return True
    batch = spec.shape is not None and bool(spec.shape) and spec.shape[0] is not None
    return batch or any(axis == 0 or axis <= -(spec.ndim or 99) for axis in (spec.axes or {}))


def resolve_catalogue(layer: Any, contract: Contract, inner: Inner | None = None) -> Resolved:
    """Returns the catalogue's contract for one layer, with what its weights fix.

    Args:
        layer: the layer.
        contract: the catalogue's contract.
        inner: gives the contract of a layer inside it; without it, the catalogue does.
    """
    resolved = contract.for_layer(layer, policy_of(layer), inner or _known_inside)
    return replace(resolved, policy=on_devices(resolved.policy), facts=(*resolved.facts, *facts_of(layer)))


def _known_inside(layer: Any) -> Resolved | None:
    contract = catalogue_contract(type(layer))
    return None if contract is None else resolve_catalogue(layer, contract)
