"""What ``compile`` was given → the nests of it.

``Trainer._loss`` and ``_compile_loss._user_loss_weights`` hold what the user gave; where an installed Keras lacks
them, nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from typedlayers.bridge.outputs import returned_keys
from typedlayers.facts.compiled import Compiled, Nest


def compiled_of(model: Any, names: Sequence[str]) -> Compiled | None:
    """Returns the nests of what a model was compiled with; None if its outputs are nested deeper than a list or dict.

    Args:
        model: a compiled model.
        names: its outputs' names, in order.
    """
    keys = returned_keys(model)
    loss = _nest(model.loss)
    if keys is None or loss is None:
        return None
    compiled = getattr(model, "_compile_loss", None)
    metrics = getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)
    weights = getattr(compiled, "_user_loss_weights", None)
    return Compiled(
        keys or tuple(names),
        bool(keys),
        bool(getattr(model, "output_names", None)),
        loss,
        None if weights is None else _nest(weights),
        None if metrics is None else _nest(metrics),
    )


def _nest(given: Any) -> Nest | None:
    """The nest of what was given, None if it is nested deeper."""
    if isinstance(given, Mapping):
        flat = not any(isinstance(one, Mapping) for one in given.values())
        return Nest(tuple(map(str, given)), len(given)) if flat else None
    if isinstance(given, list | tuple):
        flat = not any(isinstance(one, Mapping) for one in given)
        return Nest(None, len(given), tuple(map(_kind, given))) if flat else None
    return Nest()


def _kind(given: Any) -> str:
    return given if isinstance(given, str) else repr(given)
