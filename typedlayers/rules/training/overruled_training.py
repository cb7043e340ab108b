"""TL624: ``training=True`` of a call in a functional model, which ``predict`` and ``evaluate`` overrule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import PREDICTED, Predicted

_RATES: Final = {
    # layer             what it is nothing without
    "Dropout": "rate",
    "AlphaDropout": "rate",
    "GaussianDropout": "rate",
    "GaussianNoise": "stddev",
    "SpatialDropout1D": "rate",
    "SpatialDropout2D": "rate",
    "SpatialDropout3D": "rate",
}


def find(predicted: Predicted) -> Iterator[Diagnostic]:
    """Yields the first such layer; without a prediction the call is as it was given."""
    node = next(filter(_is_overruled, predicted.graph.nodes), None)
    if node is None:
        return
    yield Diagnostic(
        RULE.code,
        f"{node.subject.label} was called with training=True, and {predicted.use.value} overrules it: nothing is "
        "dropped or added",
        where=node.subject.where,
        needs="a call that says training=True itself",
        why="Keras hands the `training` of a run, False here, to each call of a functional model",
        fixes=(
            Fix(
                f"model(x, training=True) in place of model.{predicted.use.value}(x), if no BatchNormalization is in it"
            ),
            Fix(
                f"a subclass of {node.kind} whose call is `return super().call(inputs, training=True)`, in place of "
                f"{node.subject.label}"
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


def _is_overruled(node: Node) -> bool:
    rate = _RATES.get(node.kind)
    return rate is not None and node.values.get("training") is True and bool(node.attribute(rate, 0))


RULE = Rule(code="TL624", about=PREDICTED, find=find)
