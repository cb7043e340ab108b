"""Repairs of targets that leave no choice, so that lenient mode makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typedlayers.catalogue.losses import Labels
from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.facts.pairing import disagreement
from typedlayers.rules.targets.pair import Pair

SIGNS: Final = Repair("rescale", dtype="float32", scale=0.5, offset=0.5)
"""-1 and 1 become 0 and 1."""

MASK: Final = Repair("rescale", dtype="float32", scale=1 / 255)
"""0 and 255 become 0 and 1."""

_TWO_VALUES: Final[Mapping[tuple[float, ...], tuple[Repair, ...]]] = {(-1.0, 1.0): (SIGNS,), (0.0, 255.0): (MASK,)}


def repairs_of(pair: Pair, found: Diagnostic) -> tuple[Repair, ...]:
    """Returns the repairs of the targets, in order, that mend a mistake without a guess; none if there are none.

    Args:
        pair: the output, its loss and its targets.
        found: the mistake.
    """
    if found.code == "TL606" and pair.seen is not None and pair.loss is not None:
        return _TWO_VALUES.get(pair.seen.few, ()) if pair.loss.contract.labels is Labels.UNIT else ()
    if found.code == "TL601":
        return _places(pair)
    return ()


def _places(pair: Pair) -> tuple[Repair, ...]:
    """Axes of size 1 for the places of an output that has one place only, ``(batch, 1, 1, classes)``."""
    target, output, loss = pair.shape, pair.head.shape, pair.loss
    if target is None or output is None or loss is None or any(size != 1 for size in output[1:-1]):
        return ()
    missing = len(output) - 2
    placed = (None, *[1] * missing, *target[1:])
    if missing < 1 or len(target) > 2 or disagreement(loss.contract.pairing, placed, output) is not None:
        return ()
    return (Repair("expand_dims", axis=1),) * missing
