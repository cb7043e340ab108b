"""TL743: an optimizer was made for other weights than those that it is to train."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import UnlikeOptimizer
from typedlayers.rules.custom.topics import OPTIMIZERS
from typedlayers.rules.rule import Rule


def find(optimizer: UnlikeOptimizer) -> Iterator[Diagnostic]:
    """Yields the finding for weights that an optimizer does not know."""
    if optimizer.others:
        why = "an optimizer keeps numbers for each weight that was trainable when it first ran; others were frozen then"
        fixes = (Fix("model.compile(...) once more, with a new optimizer, after trainable was set"),)
    else:
        why = "an optimizer keeps numbers for each weight of the first model that it trains, and serves no second one"
        fixes = (Fix(f"a new optimizer for {optimizer.model}: keras.optimizers.{optimizer.kind}(...)"),)
    yield Diagnostic(
        RULE.code,
        f"the optimizer {optimizer.kind} of {optimizer.model} was made for other weights: it does not know those of "
        f"{optimizer.layer}",
        where=optimizer.where,
        needs="an optimizer that has trained nothing else",
        why=why,
        fixes=fixes,
    )


RULE = Rule(code="TL743", about=OPTIMIZERS, find=find)
