"""The contracts of Keras's metrics: one table of what each takes for targets and for outputs."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from typedlayers.catalogue.losses import Pairing


class Takes(enum.Enum):
    """The outputs that a metric reads."""

    ANYTHING = "any output"
    SCORES = "one score per class, of which the greatest wins"
    PROBABILITIES = "values from 0 to 1, compared with thresholds"
    DECISIONS = "values that are compared with one threshold"
    CLASS_IDS = "class ids, compared for equality"


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract of one metric.

    Attributes:
        cls: the class's name, empty if it is a function only.
        function: the function's name in ``keras.metrics``, empty if it is a class only.
        pairing: how the targets' shape relates to the output's, None if anything goes.
        takes: the outputs that it reads.
        aligns: True if targets ``(n,)`` and outputs ``(n, 1)`` are given one shape, as in losses.
        twin: for one-hot rows the metric of class ids and the other way round, None if there is none.
    """

    cls: str
    function: str = ""
    pairing: Pairing | None = None
    takes: Takes = Takes.ANYTHING
    aligns: bool = True
    twin: str | None = None


_SAME, _CAST, _IDS = Pairing.SAME, Pairing.BROADCAST, Pairing.CLASS_IDS
_PROBABLE, _SCORES = Takes.PROBABILITIES, Takes.SCORES

_ROWS: Final = (
    # class, function, pairing, outputs, True if it gives targets and outputs one shape, its twin
    Contract("Accuracy", "", _CAST, Takes.CLASS_IDS),
    Contract("BinaryAccuracy", "binary_accuracy", _CAST, Takes.DECISIONS),
    Contract("CategoricalAccuracy", "categorical_accuracy", _CAST, _SCORES, False, "SparseCategoricalAccuracy"),
    Contract("SparseCategoricalAccuracy", "sparse_categorical_accuracy", _IDS, _SCORES, twin="CategoricalAccuracy"),
    Contract(
        "TopKCategoricalAccuracy", "top_k_categorical_accuracy", _CAST, _SCORES, False, "SparseTopKCategoricalAccuracy"
    ),
    Contract(
        "SparseTopKCategoricalAccuracy",
        "sparse_top_k_categorical_accuracy",
        _IDS,
        _SCORES,
        twin="TopKCategoricalAccuracy",
    ),
    Contract("BinaryCrossentropy", "binary_crossentropy", _SAME, _PROBABLE, False),
    Contract("", "binary_focal_crossentropy", _SAME, _PROBABLE, False),
    Contract(
        "CategoricalCrossentropy", "categorical_crossentropy", _SAME, aligns=False, twin="SparseCategoricalCrossentropy"
    ),
    Contract("", "categorical_focal_crossentropy", _CAST, aligns=False),
    Contract("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy", _IDS, twin="CategoricalCrossentropy"),
    Contract("KLDivergence", "kl_divergence", _CAST, aligns=False),
    Contract("Poisson", "poisson", _CAST, aligns=False),
    Contract("Hinge", "hinge", _CAST, aligns=False),
    Contract("SquaredHinge", "squared_hinge", _CAST, aligns=False),
    Contract("CategoricalHinge", "categorical_hinge", _CAST, aligns=False),
    Contract("CosineSimilarity", "", _CAST),
    Contract("MeanSquaredError", "mean_squared_error", _CAST),
    Contract("RootMeanSquaredError", "", _CAST),
    Contract("MeanAbsoluteError", "mean_absolute_error", _CAST),
    Contract("MeanAbsolutePercentageError", "mean_absolute_percentage_error", _CAST),
    Contract("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", _CAST),
    Contract("LogCoshError", "log_cosh", _CAST),
    Contract("", "huber", _CAST),
    Contract("R2Score", "", _CAST),
    Contract("PearsonCorrelation", "pearson_correlation", _CAST, aligns=False),
    Contract("ConcordanceCorrelation", "concordance_correlation", _CAST, aligns=False),
    Contract("AUC", "", _SAME, _PROBABLE),
    Contract("Precision", "", _SAME, _PROBABLE),
    Contract("Recall", "", _SAME, _PROBABLE),
    Contract("TruePositives", "", _SAME, _PROBABLE),
    Contract("TrueNegatives", "", _SAME, _PROBABLE),
    Contract("FalsePositives", "", _SAME, _PROBABLE),
    Contract("FalseNegatives", "", _SAME, _PROBABLE),
    Contract("PrecisionAtRecall", "", _SAME, _PROBABLE),
    Contract("RecallAtPrecision", "", _SAME, _PROBABLE),
    Contract("SensitivityAtSpecificity", "", _SAME, _PROBABLE),
    Contract("SpecificityAtSensitivity", "", _SAME, _PROBABLE),
    Contract("F1Score", "", _SAME, aligns=False),
    Contract("FBetaScore", "", _SAME, aligns=False),
    Contract("BinaryIoU", "", _SAME, Takes.DECISIONS),
    Contract("IoU", "", None, Takes.CLASS_IDS),
    Contract("MeanIoU", "", None, Takes.CLASS_IDS),
    Contract("OneHotIoU", "", _SAME, _SCORES, False),
    Contract("OneHotMeanIoU", "", _SAME, _SCORES, False),
)

CLASSES: Final[Mapping[str, Contract]] = MappingProxyType({row.cls: row for row in _ROWS if row.cls})
"""Every metric class of Keras that compares targets with outputs."""

FUNCTIONS: Final[Mapping[str, Contract]] = MappingProxyType({row.function: row for row in _ROWS if row.function})
"""Every metric function of Keras."""

NO_METRICS: Final = frozenset({"Metric", "MeanMetricWrapper", "Mean", "Sum", "get", "serialize", "deserialize"})
"""Public names of ``keras.metrics`` that compare nothing of themselves."""


HALF: Final = 0.5
"""The threshold of a metric of decisions, if none is given."""


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """One metric as a model was given it.

    Attributes:
        contract: the metric's contract.
        text: the metric in the user's words: ``"accuracy"``, ``metrics.AUC()``.
        from_logits: True if its arguments ask for logits.
        named: True for a name that Keras resolves by the shapes: ``"accuracy"``.
        pred_ids: True if outputs are class ids.
        true_ids: True if targets are class ids; None where its contract decides.
        thresholds: True if the user chose its thresholds.
        chosen: True if the user chose the class that it counts.
        k: how many of the greatest columns count as a hit, None of every other metric.
    """

    contract: Contract
    text: str
    from_logits: bool = False
    named: bool = False
    pred_ids: bool = False
    true_ids: bool | None = None
    thresholds: bool = False
    chosen: bool = False
    k: int | None = None

    @property
    def cls(self) -> str:
        """The name of its class, or of its function."""
        return self.contract.cls or self.contract.function
