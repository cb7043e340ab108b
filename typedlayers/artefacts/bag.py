"""A layer's config from a file as a bag of the layer's public attributes, as far as the catalogue reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

from typedlayers.catalogue import contract_named
from typedlayers.contracts.contract import Contract, Resolved
from typedlayers.contracts.dtypes import Policy

MOST_DEPTH: Final = 8
"""How deep layers inside layers are followed."""

NAMED_LIKE_KERAS: Final = ("keras", "keras.layers", "keras.src.layers")


class Bag:
    """A layer that is nothing but its config.

    Attributes:
        config: the config of the layer, with tuples for lists.
        kind: the name of its class.
    """

    def __init__(self, data: Mapping[str, Any], depth: int = 0) -> None:
        if depth > MOST_DEPTH:
            raise ValueError("layers are nested too deeply")
        self.kind = str(data.get("class_name"))
        self.module = str(data.get("module"))
        config = data.get("config")
        held = config.items() if isinstance(config, Mapping) else ()
        self.config = {name: _value(one, depth) for name, one in held if not _is_long(one)}

    def __getattr__(self, name: str) -> Any:
        config = self.__dict__.get("config", {})
        if name in config:
            return _function(config[name]) if name == "activation" else config[name]
        try:
            return DERIVED[name](self)
        except (LookupError, ValueError):
            pass
        raise AttributeError(f"the config of {self.__dict__.get('kind')} has no {name!r}")

    @property
    def contract(self) -> Contract | None:
        """The catalogue's contract of a layer of Keras's, None for an op and for a class of the user's."""
        own = self.module in NAMED_LIKE_KERAS or self.module.startswith("keras.src.layers.")
        return contract_named(self.kind) if own else None

    @property
    def policy(self) -> Policy:
        """The dtypes of the layer."""
        return policy_of(self.config.get("dtype"))


MOST_ITEMS: Final = 1024
"""Items of an argument that says anything of shapes; a vocabulary has more."""


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > MOST_ITEMS


def _rank(bag: Bag) -> int:
    """The number of axes between batch and channels, which a class has in its name."""
    return int(re.sub(r".*([123])D.*", r"\1", bag.kind))


def _cell(bag: Bag) -> Any:
    """The cell of a recurrent layer, as far as its states tell: an LSTM has two."""
    states = {"LSTM": [bag.units, bag.units], "GRU": [bag.units], "SimpleRNN": [bag.units]}[bag.kind]
    return SimpleNamespace(state_size=states, output_size=bag.units)


def _function(given: Any) -> Any:
    """A function of Keras's, of which a config has the name only."""
    return SimpleNamespace(__name__=given, __module__="keras.activations") if isinstance(given, str) else given


def _sizes(given: Any) -> tuple[Any, ...]:
    return given if isinstance(given, tuple) else (given,)


DERIVED: Final[Mapping[str, Callable[[Bag], Any]]] = {
    "rank": _rank,
    "partial_output_shape": lambda bag: _sizes(bag.output_shape),
    "cell": _cell,
    "state_size": lambda bag: _cell(bag).state_size,
}
"""Attributes that a layer makes of its arguments."""


def _value(value: Any, depth: int) -> Any:
    if isinstance(value, list):
        return tuple(_value(one, depth + 1) for one in value) if depth < 4 * MOST_DEPTH else ()
    if isinstance(value, Mapping) and "class_name" in value and "config" in value:
        return Bag(value, depth + 1)
    return value


def policy_of(dtype: Any) -> Policy:
    """Returns the dtypes of a layer's policy in its config: its name, or Keras's object of it."""
    name = dtype.config.get("name") if isinstance(dtype, Bag) else dtype
    if not isinstance(name, str):
        return Policy(None, None)
    name = name.rpartition("_from_")[2]
    if name.startswith("mixed_"):
        return Policy(name.removeprefix("mixed_"), "float32")
    return Policy(name, name)


def resolved(bag: Bag) -> Resolved | None:
    """Returns the contract of a layer for its arguments, None where its config lacks what the contract reads."""
    contract = bag.contract
    if contract is None:
        return None
    try:
        return contract.for_layer(bag, bag.policy, _inner)
    except NOT_KNOWN:
        return None


NOT_KNOWN: Final = (
    AttributeError,
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
)
"""What a contract raises where a config lacks what it reads of a layer: the result is unknown then."""


def _inner(layer: object) -> Resolved | None:
    return resolved(layer) if isinstance(layer, Bag) else None
