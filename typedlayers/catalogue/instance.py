"""A contract whose treatment of integers depends on the layer's arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from typedlayers.contracts.contract import Contract, Inner, Resolved, unknown
from typedlayers.contracts.dtypes import Integers, Policy


@dataclass(frozen=True, kw_only=True)
class InstanceContract(Contract):
    """A contract whose treatment of integers depends on the layer's arguments.

    ``ReLU()`` keeps integers, ``ReLU(negative_slope=0.1)`` converts them; ``Dropout(0)`` never fails on them.

    Attributes:
        integers_of: one layer's effect on integers; ``integers`` is the one that is shown.
    """

    integers_of: Callable[[Any], Integers]

    def for_layer(self, layer: object, policy: Policy, inner: Inner = unknown) -> Resolved:
        """Returns the contract as it is for one layer."""
        resolved = super().for_layer(layer, policy, inner)
        return replace(resolved, policy=replace(resolved.policy, integers=self.integers_of(layer)))
