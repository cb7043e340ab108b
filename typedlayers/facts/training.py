"""What a model was compiled with: the loss and the metrics of each output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from typedlayers.catalogue.losses import LOSSES, LossFacts
from typedlayers.catalogue.metrics import CLASSES, MetricFacts
from typedlayers.spec import Shape


@dataclass(frozen=True, slots=True)
class ByShapes:
    """A name for which Keras chooses a loss or a metric by the shapes of targets and output.

    Attributes:
        text: the name as the user wrote it: ``"crossentropy"``, ``"acc"``.
    """

    text: str

    def loss(self, target: Shape | None, output: Shape | None) -> LossFacts | None:
        """Returns the loss, as ``get_loss`` of ``keras/src/trainers/compile_utils.py`` chooses it."""
        names = ("binary_crossentropy", "sparse_categorical_crossentropy", "categorical_crossentropy")
        chosen = _chosen(names, target, output)
        return None if chosen is None else LossFacts(LOSSES[chosen], f'"{self.text}"')

    def metric(self, target: Shape | None, output: Shape | None) -> MetricFacts | None:
        """Returns the metric, as ``get_metric`` of ``keras/src/trainers/compile_utils.py`` chooses it."""
        names = ("BinaryAccuracy", "SparseCategoricalAccuracy", "CategoricalAccuracy")
        chosen = _chosen(names, target, output)
        return None if chosen is None else MetricFacts(CLASSES[chosen], f'"{self.text}"', named=True)


def _chosen(names: tuple[str, str, str], target: Shape | None, output: Shape | None) -> str | None:
    binary, sparse, categorical = names
    if not target or not output:
        return None
    if output[-1] == 1:
        return binary
    ids = len(target) < len(output) or (target[-1] == 1 and (output[-1] or 0) > 1)
    return sparse if ids else categorical


GivenLoss: TypeAlias = LossFacts | ByShapes | None
"""A loss of Keras's, a name that shapes decide, or one of which nothing is known."""

GivenMetric: TypeAlias = MetricFacts | ByShapes


@dataclass(frozen=True, slots=True)
class OutputTraining:
    """What one output was compiled with.

    Attributes:
        given: whether it was given a loss, known or not.
        loss: what is known of the loss.
        metrics: the metrics of Keras's own.
    """

    given: bool
    loss: GivenLoss = None
    metrics: tuple[GivenMetric, ...] = ()

    def loss_for(self, target: Shape | None, output: Shape | None) -> LossFacts | None:
        """Returns the loss, for the shapes of targets and output."""
        return self.loss.loss(target, output) if isinstance(self.loss, ByShapes) else self.loss

    def metrics_for(self, target: Shape | None, output: Shape | None) -> tuple[MetricFacts, ...]:
        """Returns the metrics, for the shapes of targets and output."""
        found = (one.metric(target, output) if isinstance(one, ByShapes) else one for one in self.metrics)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Training:
    """What a model was compiled with, output by output.

    Attributes:
        outputs: one entry for each output, in order.
    """

    outputs: tuple[OutputTraining, ...]


def told(facts: LossFacts, text: str) -> LossFacts:
    """Returns a loss under the name that the user gave it."""
    return replace(facts, text=text)
