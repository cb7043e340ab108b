"""Layers that were never adapted, said before the first batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typedlayers.bridge.adapted import is_unadapted
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.stack import inner_layers
from typedlayers.diagnostics.model import Diagnostic, Fix


def unadapted(model: Any, *, data: str) -> Iterator[Diagnostic]:
    """Yields TL407 for each preprocessing layer of the user's that needs ``adapt`` and never had it.

    A layer that Keras itself made (in ``keras.applications``) gets its statistics with the weights, or has none on
    purpose.

    Args:
        model: a model.
        data: what to adapt to, in the user's words.
    """
    for layer in inner_layers(model):
        state = state_of(layer)
        if state is None or state.site is None or state.by_keras or not is_unadapted(layer):
            continue
        label = label_of(layer)
        normalizes = hasattr(layer, "input_mean")
        does = "subtracts 0 and divides by 1" if normalizes else "knows no vocabulary or boundaries"
        given = "mean=, variance=" if normalizes else "vocabulary=, or bin_boundaries="
        yield Diagnostic(
            "TL407",
            f"{label} was never adapted: it {does}",
            where=state.location(label),
            needs="statistics, a vocabulary or boundaries that were learnt from data, or given",
            why="adapt() was not called, and nothing was given to the constructor",
            fixes=(
                Fix(f"{layer.name}.adapt({data}) before the model is trained"),
                Fix(f'{given} for the constructor of "{layer.name}"'),
            ),
        )
