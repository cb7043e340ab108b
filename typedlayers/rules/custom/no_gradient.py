"""TL738: no gradient of the loss reaches any weight."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import NoGradient
from typedlayers.rules.custom.topics import LOSSES_WITHOUT_GRADIENT
from typedlayers.rules.rule import Rule


def find(loss: NoGradient) -> Iterator[Diagnostic]:
    """Yields a loss that an optimizer could do nothing with."""
    names = ", ".join(loss.cuts)
    yield Diagnostic(
        RULE.code,
        f"{loss.label} gives no gradient by any weight",
        where=loss.where,
        needs="a loss that changes smoothly with the outputs",
        why=f"it calls {names}, whose result does not change with small changes of the outputs"
        if names
        else "it does not use the outputs, or something between them and the loss passes no gradient: a rounding, an"
        " argmax, a comparison, a cast to whole numbers",
        fixes=(Fix("compare the outputs themselves: probabilities or logits, not the class that was chosen by them"),),
    )


RULE = Rule(code="TL738", about=LOSSES_WITHOUT_GRADIENT, find=find)
