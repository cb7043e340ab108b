"""Which repairs of data can be done: the library gets arrays before Keras does, and draws nothing itself."""

from __future__ import annotations

from typedlayers.diagnostics.model import Place, Repair
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.spec import place_of


def feasible(repair: Repair | None, place: Place, batch: Batch, use: Use | None) -> tuple[Repair, ...]:
    """Returns the repair if it can be done to a tensor of the data, else nothing.

    Args:
        repair: what would make the tensor fit.
        place: where the tensor is.
        batch: the data.
        use: what the data are given for.
    """
    if repair is None or place.part == "sample_weight":
        return ()
    validates = use is Use.VALIDATION
    if validates and batch.lists:
        return ()  # Keras takes the lists of validation data apart before the library gets them
    if repair.kind == "cast":
        return (repair,)  # Keras casts by itself: nothing has to be exchanged
    listed = place_of("x", place.path) in batch.lists
    at_hand = place.part == "x" and batch.is_at_hand and not listed and not validates
    return (repair,) if at_hand else ()
