"""TL629: a layer keeps its states from batch to batch, and Keras shuffles the samples."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.training.topics import FIT, Fit


def find(fit: Fit) -> Iterator[Diagnostic]:
    """Yields the finding where there is more than one batch to put into another order."""
    layer, epochs = fit.keeps_states, fit.fitting.epochs
    if layer is None or not fit.fitting.shuffles or epochs.batches is None or epochs.batches < 2:
        return
    yield Diagnostic(
        RULE.code,
        f"{layer.label} keeps its states from batch to batch, and fit draws the samples in another order",
        where=layer.where,
        needs="shuffle=False in fit",
        why="row i of a batch is to go on where row i of the last one ended: in another order it goes on anywhere",
        fixes=(Fix("shuffle=False in fit"), Fix(f"stateful=False for {layer.short}, if samples are whole sequences")),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL629", about=FIT, find=find)
