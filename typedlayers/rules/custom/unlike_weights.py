"""TL805: weights that were made for another model are set."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.refusals import UnlikeWeights
from typedlayers.rules.custom.topics import WEIGHTS
from typedlayers.rules.rule import Rule

_WITHOUT_HEAD = "for new, old in zip(model.layers[:-1], other.layers[:-1]): new.set_weights(old.get_weights())"


def find(weights: UnlikeWeights) -> Iterator[Diagnostic]:
    """Yields the first weight of another shape, or the number of the weights."""
    wanted, came = weights.counts
    if weights.shapes is None or weights.layer is None:
        yield Diagnostic(
            RULE.code,
            f"{weights.label} has {wanted} weights but is given {came}",
            where=weights.where,
            needs="the weights of a model of the same layers",
        )
        return
    one, two = weights.shapes
    head = weights.last and wanted == came and weights.layer != weights.label
    yield Diagnostic(
        RULE.code,
        f"the weights given to {weights.label} are of another model: they do not fit {weights.layer}",
        where=weights.where,
        gets=f"{two} for its {weights.weight}" + (f"; {came} weights" if wanted != came else ""),
        needs=f"{one}" + (f"; {wanted} weights" if wanted != came else ""),
        fixes=(Fix(f"all but the head: {_WITHOUT_HEAD}"),) if head else (),
    )


RULE = Rule(code="TL805", about=WEIGHTS, find=find)
