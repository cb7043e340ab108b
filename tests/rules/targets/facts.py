"""Facts of outputs, losses and targets, written short, and what a rule finds in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from typedlayers.catalogue.activations import ACTIVATIONS
from typedlayers.catalogue.losses import LOSSES, LossFacts
from typedlayers.catalogue.metrics import CLASSES, MetricFacts
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.outputs import Head, Width
from typedlayers.facts.training import OutputTraining, Training
from typedlayers.rules.engine import findings
from typedlayers.rules.rule import AnyRule
from typedlayers.rules.table import rules
from typedlayers.spec import Carrier, Spec

N = None
MODEL = 'Sequential "net"'
WHERE = Location("train.py", 7, MODEL)
HEAD = Subject('Dense "head"', '"head"', Location("train.py", 3), kind="Dense")


def a_head(
    shape: Any, activation: str | None = "linear", name: str = "head", dtype: str = "float32", **more: Any
) -> Head:
    """Returns an output of a Dense, the batch axis left out of `shape`."""
    known = None if activation is None else ACTIVATIONS[activation]
    more = {"trained": True, "width": Width("units", '"head"'), **more}
    return Head(name, HEAD, Spec(dtype, (None, *shape)), known, **more)


def a_loss(name: str, **more: Any) -> LossFacts:
    """Returns a loss that was given by its name."""
    return LossFacts(LOSSES[name], f'"{name}"', **more)


def named(loss: str) -> str:
    """Returns the beginning of a headline about a loss."""
    return f'the loss "{loss}" of output "head"'


def a_metric(cls: str, **more: Any) -> MetricFacts:
    """Returns a metric that was given as an instance."""
    return MetricFacts(CLASSES[cls], f"{cls}()", **more)


def an_array(shape: Any, dtype: str = "float32") -> Spec:
    """Returns the spec of an array."""
    return Spec(dtype, shape, Carrier.ARRAY)


def known(
    heads: Head | tuple[Head, ...],
    loss: LossFacts | None,
    y: Any = None,
    values: Any = None,
    *,
    weight: Any = None,
    metrics: tuple[MetricFacts, ...] = (),
    use: Use | None = None,
    source: Source = Source.ARRAYS,
) -> Evidence:
    """Returns what is known of a model that gets 8 rows; values alone give the targets' spec too."""
    heads = heads if isinstance(heads, tuple) else (heads,)
    looked_at = None if values is None else np.asarray(values, "float32")
    if y is None and looked_at is not None:
        y = an_array(looked_at.shape)
    each = OutputTraining(given=loss is not None, loss=loss, metrics=metrics)
    batch = Batch(an_array((8, 4)), y, weight, source=source, targets=looked_at)
    return Evidence(
        label=MODEL, where=WHERE, use=use, outputs=heads, batch=batch, training=Training((each,) * len(heads))
    )


def told(rule: AnyRule, evidence: Evidence) -> list[Diagnostic]:
    """Returns what one rule finds, alone."""
    return findings([rule], evidence)


def codes(evidence: Evidence) -> list[str]:
    """Returns the codes that all rules on targets find together."""
    return [one.code for one in findings([rule for rule in rules() if rule.code.startswith("TL6")], evidence)]


def offered(found: list[Diagnostic]) -> list[str]:
    """Returns the texts of all fixes."""
    return [fix.text for one in found for fix in one.fixes]
