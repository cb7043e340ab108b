"""The range of values of each Keras activation: the table of all rules on heads, losses and targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Activation:
    """The known range of an activation's values.

    Attributes:
        name: its name in ``keras.activations``.
        low: no value is below this.
        high: no value is above this.
    """

    name: str
    low: float = -math.inf
    high: float = math.inf

    @property
    def sums_to_one(self) -> bool:
        """True if the values along the last axis sum to 1."""
        return self.name in ("softmax", "sparsemax")

    @property
    def is_bounded(self) -> bool:
        """True if some values are out of its reach."""
        return self.low > -math.inf or self.high < math.inf

    def __str__(self) -> str:
        return self.name

    @property
    def values(self) -> str:
        """Its values as a clause: ``values from 0 to 1``."""
        if self.sums_to_one:
            return "values from 0 to 1 that sum to 1"
        if not self.is_bounded:
            return "any value"
        if self.high == math.inf:
            return f"values from {self.low:g} up"
        if self.low == -math.inf:
            return f"values up to {self.high:g}"
        return f"values from {self.low:g} to {self.high:g}"


_ROWS: Final = (
    Activation("linear"),
    Activation("relu", 0),
    Activation("relu6", 0, 6),
    Activation("softplus", 0),
    Activation("exponential", 0),
    Activation("squareplus", 0),
    Activation("sparse_plus", 0),
    Activation("sigmoid", 0, 1),
    Activation("hard_sigmoid", 0, 1),
    Activation("sparse_sigmoid", 0, 1),
    Activation("softmax", 0, 1),
    Activation("sparsemax", 0, 1),
    Activation("tanh", -1, 1),
    Activation("hard_tanh", -1, 1),
    Activation("softsign", -1, 1),
    Activation("log_softmax", high=0),
    Activation("log_sigmoid", high=0),
    Activation("elu", -1),
    Activation("leaky_relu"),
)

ACTIVATIONS: Final[Mapping[str, Activation]] = MappingProxyType({row.name: row for row in _ROWS})
"""Activations of which the values are known; of every other one nothing is said."""
