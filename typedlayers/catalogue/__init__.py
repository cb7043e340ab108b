"""One named contract per Keras layer, as data. Importing it loads neither Keras nor TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from typedlayers.catalogue import (
    activation,
    attention,
    augmentation,
    convolution,
    core,
    lookup,
    merging,
    normalization,
    pooling,
    preprocessing,
    recurrent,
    regularization,
    reshaping,
    spectrogram,
    wrappers,
)
from typedlayers.contracts.contract import Contract

FAMILIES: Final = {
    "core": core,
    "convolution": convolution,
    "pooling": pooling,
    "reshaping": reshaping,
    "normalization": normalization,
    "activation": activation,
    "regularization": regularization,
    "merging": merging,
    "attention": attention,
    "preprocessing": preprocessing,
    "augmentation": augmentation,
    "lookup": lookup,
    "spectrogram": spectrogram,
    "recurrent": recurrent,
    "wrappers": wrappers,
}
"""The catalogue's modules, one per family of layers, each with a table ``CONTRACTS``."""

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {name: contract for family in FAMILIES.values() for name, contract in family.CONTRACTS.items()}
)
"""Every contract of the catalogue by the layer's public name."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {alias: name for family in FAMILIES.values() for alias, name in getattr(family, "ALIASES", {}).items()}
)
"""Keras's second names, such as ``Convolution2D``: the same classes."""


def contract_named(name: str) -> Contract | None:
    """Returns the contract of a layer by its public name or alias, None if the catalogue has none."""
    return CONTRACTS.get(ALIASES.get(name, name))


def family_of(name: str) -> str | None:
    """Returns the family of a layer's contract."""
    name = ALIASES.get(name, name)
    return next((family for family, module in FAMILIES.items() if name in module.CONTRACTS), None)
