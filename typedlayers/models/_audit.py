"""The engine of `typedlayers.checking`: everything that can be said of a model and its data without a batch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import keras

from typedlayers.bridge.data import batch_of, unpacked
from typedlayers.bridge.layer_state import ADOPTED, STATE
from typedlayers.bridge.members import ledger_of
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.models._chain import declared_spec, walked
from typedlayers.models._examination import Examined, Use, examined
from typedlayers.models._graph import judged_calls
from typedlayers.models._intake import place_of_data
from typedlayers.models._layout import misplaced_channels
from typedlayers.models._masks import lost_masks
from typedlayers.models._values import inputs_seen, judged_values, raw_bytes
from typedlayers.modes import STRICT
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.ledger import Entry

Audit = tuple[list[Diagnostic], list[Diagnostic], list[Entry]]
"""Errors, warnings, and the repairs that were made so far."""


def audited(model: Any, data: Any, targets: Any) -> Audit:
    """Returns what is wrong with a model, with its data, its targets and its loss, less what the user allowed.

    Args:
        model: any Keras model; a plain one is left as it was.
        data: what ``fit`` would be given, or a tuple of it and the targets; None to look at the model alone.
        targets: the targets, where the data do not hold them.
    """
    with _visited(model):
        found = _of_model(model)
        if data is not None:
            _add_data(model, data, targets, found)
        allowed = model_state(model).allowed
        errors, warned = (
            [one for one in {id(d): d for d in part}.values() if not is_allowed(one, allowed)]
            for part in (found.errors, found.warned)
        )
        return errors, warned, ledger_of(model)


@contextlib.contextmanager
def _visited(model: Any) -> Iterator[None]:
    """Takes from a plain model what looking at it leaves behind."""
    had = STATE in vars(model)
    try:
        yield
    finally:
        if not had:
            vars(model).pop(STATE, None)
            ADOPTED.discard(model)


def _of_model(model: Any) -> Examined:
    """What is wrong with the model by itself: its chain or its graph, and the masks in it."""
    found = Examined()
    given = declared_spec(model) if isinstance(model, keras.Sequential) else None
    if given is not None:
        found.add(walked(model, given).diagnostics)
    elif not isinstance(model, keras.Sequential):
        errors, warned = judged_calls(model)
        found.errors += errors
        found.warned += warned
    found.add((*lost_masks(model), *misplaced_channels(model)))
    return found


def _add_data(model: Any, data: Any, targets: Any, found: Examined) -> None:
    """Adds what is wrong with the data, the targets and the loss, and with values that can be looked at."""
    weight = None
    if targets is None and isinstance(data, tuple) and len(data) in (2, 3):
        data, targets, weight = unpacked(data)
    batch, where = batch_of(data, targets, weight), place_of_data(model)
    more = examined(model, batch, STRICT, Use.FIT, where)
    known = {(d.code, d.headline) for d in (*found.errors, *found.warned)}
    found.add(d for d in (*more.errors, *more.warned) if (d.code, d.headline) not in known)
    if batch.values is not None and not found.errors:
        inputs = list(inputs_seen(model, batch.x, batch.values, more.walk, where))
        for errors, warned in (raw_bytes(model, inputs, STRICT), judged_values(model, inputs, trains=True)):
            found.errors += errors
            found.warned += warned
