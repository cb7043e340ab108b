"""The contracts of Keras's losses: one table of what each takes for targets and for outputs."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


class Pairing(enum.Enum):
    """The relation of the targets' shape to the output's."""

    SAME = "the same shape; Keras refuses another"
    BROADCAST = "the same shape; Keras broadcasts another in silence"
    CLASS_IDS = "the output's shape without its last axis, or with 1 there"
    BARE_CLASS_IDS = "the output's shape without its last axis"
    TOKENS = "(batch, length), beside an output (batch, steps, classes)"
    GROUPS = "(batch,) or (batch, 1), beside an output (batch, features)"


class Labels(enum.Enum):
    """The values that targets may have."""

    ANY = "any number"
    UNIT = "values from 0 to 1"
    CLASS_IDS = "class ids: whole numbers from 0 on"
    SIGNS = "-1 and 1, or 0 and 1"
    COUNTS = "values from 0 up"
    DIVISORS = "any number but 0"
    TOKENS = "token ids: whole numbers from 0 on, 0 for padding"


class Family(enum.Enum):
    """The kind of task of a loss."""

    BINARY = "each column a decision of its own"
    CATEGORICAL = "one class out of several"
    REGRESSION = "numbers"
    MARGIN = "signs"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract of one loss.

    Attributes:
        name: the function's name in ``keras.losses``.
        cls: the class's name.
        family: its kind of task.
        pairing: how the targets' shape relates to the output's.
        labels: which values the targets may have.
        low: outputs below this are worthless to it: clipped, or made NaN.
        high: outputs above this are.
        takes_logits: True if it always needs logits.
        finds_logits: True if Keras looks for the logits before a sigmoid or softmax.
    """

    name: str
    cls: str
    family: Family
    pairing: Pairing
    labels: Labels
    low: float = -math.inf
    high: float = math.inf
    takes_logits: bool = False
    finds_logits: bool = False


_BIN, _CAT, _REG, _SIGN, _ELSE = Family.BINARY, Family.CATEGORICAL, Family.REGRESSION, Family.MARGIN, Family.OTHER
_SAME, _CAST, _IDS = Pairing.SAME, Pairing.BROADCAST, Pairing.CLASS_IDS
_ANY, _UNIT, _CLASS = Labels.ANY, Labels.UNIT, Labels.CLASS_IDS

_ROWS: Final = (
    # function, class, family, pairing, labels, least and greatest output
    Contract("binary_crossentropy", "BinaryCrossentropy", _BIN, _SAME, _UNIT, 0, 1, finds_logits=True),
    Contract("binary_focal_crossentropy", "BinaryFocalCrossentropy", _BIN, _SAME, _UNIT, 0, 1),
    Contract("categorical_crossentropy", "CategoricalCrossentropy", _CAT, _SAME, _UNIT, 0, finds_logits=True),
    Contract("categorical_focal_crossentropy", "CategoricalFocalCrossentropy", _CAT, _CAST, _UNIT, 0),
    Contract(
        "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy", _CAT, _IDS, _CLASS, 0, 1, finds_logits=True
    ),
    Contract(
        "categorical_generalized_cross_entropy",
        "CategoricalGeneralizedCrossEntropy",
        _CAT,
        Pairing.BARE_CLASS_IDS,
        _CLASS,
        0,
        1,
    ),
    Contract("kl_divergence", "KLDivergence", _CAT, _CAST, _UNIT, 0, 1),
    Contract("mean_squared_error", "MeanSquaredError", _REG, _CAST, _ANY),
    Contract("mean_absolute_error", "MeanAbsoluteError", _REG, _CAST, _ANY),
    Contract("mean_absolute_percentage_error", "MeanAbsolutePercentageError", _REG, _CAST, Labels.DIVISORS),
    Contract("mean_squared_logarithmic_error", "MeanSquaredLogarithmicError", _REG, _CAST, Labels.COUNTS),
    Contract("huber", "Huber", _REG, _CAST, _ANY),
    Contract("log_cosh", "LogCosh", _REG, _CAST, _ANY),
    Contract("poisson", "Poisson", _REG, _CAST, Labels.COUNTS, 0),
    Contract("cosine_similarity", "CosineSimilarity", _ELSE, _CAST, _ANY),
    Contract("hinge", "Hinge", _SIGN, _CAST, Labels.SIGNS),
    Contract("squared_hinge", "SquaredHinge", _SIGN, _CAST, Labels.SIGNS),
    Contract("categorical_hinge", "CategoricalHinge", _ELSE, _CAST, _UNIT),
    Contract("dice", "Dice", _ELSE, _CAST, _UNIT, 0, 1),
    Contract("tversky", "Tversky", _ELSE, _CAST, _UNIT, 0, 1),
    Contract("circle", "Circle", _ELSE, Pairing.GROUPS, _ANY),
    Contract("ctc", "CTC", _ELSE, Pairing.TOKENS, Labels.TOKENS, takes_logits=True),
)

LOSSES: Final[Mapping[str, Contract]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every loss of Keras, by its function's name."""

NO_LOSSES: Final = frozenset({"Loss", "get", "serialize", "deserialize"})
"""Public names of ``keras.losses`` that are not losses."""


@dataclass(frozen=True, slots=True)
class LossFacts:
    """One loss as a model was given it.

    Attributes:
        contract: the loss's contract.
        text: the loss in the user's words: ``"mse"``, ``BinaryCrossentropy(from_logits=True)``.
        from_logits: True if its arguments ask for logits.
        ignore_class: the class that it skips, None if it skips none.
        smoothing: its label smoothing.
        axis: its class axis.
    """

    contract: Contract
    text: str
    from_logits: bool = False
    ignore_class: int | None = None
    smoothing: float = 0.0
    axis: int | None = -1

    @property
    def wants_logits(self) -> bool:
        """True if it needs logits, always or by its arguments."""
        return self.from_logits or self.contract.takes_logits

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.contract.name


LOGITS: Final = frozenset(
    {
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "categorical_crossentropy",
        "categorical_focal_crossentropy",
        "sparse_categorical_crossentropy",
    }
)
"""Losses that can be told to take logits."""

SPARSE_TWIN: Final = MappingProxyType(
    {
        "categorical_crossentropy": "sparse_categorical_crossentropy",
        "categorical_focal_crossentropy": "sparse_categorical_crossentropy",
        "kl_divergence": "sparse_categorical_crossentropy",
        "binary_crossentropy": "sparse_categorical_crossentropy",
        "categorical_hinge": "sparse_categorical_crossentropy",
    }
)
"""For a loss that compares distributions, the one that takes class ids."""

ONE_HOT_TWIN: Final = MappingProxyType(
    {
        "sparse_categorical_crossentropy": "categorical_crossentropy",
        "categorical_generalized_cross_entropy": "categorical_crossentropy",
    }
)
"""For a loss that takes class ids, the one that takes one-hot rows."""


def class_of(name: str) -> str:
    """Returns the class of a loss given by its function's name."""
    return LOSSES[name].cls
