"""The engine of `typedlayers.check`: everything that can be said of a model and its data without a batch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import keras

import typedlayers.layers  # noqa: F401 - lets the layers of a plain model report their calls too
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import batch_of, unpacked
from typedlayers.bridge.evidence import model_evidence, of_own_code
from typedlayers.bridge.layer_state import ADOPTED, STATE
from typedlayers.bridge.members import ledger_of
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.data import Batch, Source
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.models._examine import declared_spec, examined, of_calls, walked
from typedlayers.models._fixes import with_searched
from typedlayers.modes import STRICT
from typedlayers.rules.engine import findings, unchecked
from typedlayers.rules.table import rules
from typedlayers.verdict.gate import judge
from typedlayers.verdict.report import Report


def audited(model: Any, data: Any, targets: Any) -> Report:
    """Returns what is wrong with a model, with its data, its targets and its loss, less what the user allowed.

    Args:
        model: any Keras model; a plain one is left as it was.
        data: what ``fit`` would be given, or a tuple of it and the targets; None to look at the model alone.
        targets: the targets, where the data do not hold them.
    """
    with _visited(model):
        evidence, found = _looked_at(model, data, targets)
        told = with_searched(model, evidence, list(_each_once((*_of_layers(model), *found))), STRICT)
        verdict = judge(told, STRICT, model_state(model).allowed)
        return Report(
            verdict.errors,
            verdict.warnings,
            tuple(ledger_of(model)),
            label_of(model),
            unchecked(rules(), evidence),
        )


def _looked_at(model: Any, data: Any, targets: Any) -> tuple[Evidence, list[Diagnostic]]:
    if data is None:
        evidence = model_evidence(model)
        return evidence, [*of_own_code(model, evidence), *findings(rules(), evidence)]
    weight = None
    if targets is None and isinstance(data, tuple) and len(data) in (2, 3):
        data, targets, weight = unpacked(data)
    batch = batch_of(data, targets, weight)
    return examined(model, batch, _use(batch))


def _use(batch: Batch) -> Use:
    """Inputs without targets may be asked about by themselves; all else is what ``fit`` would be given."""
    alone = batch.source in (Source.ARRAYS, Source.DATASET) and batch.y is None
    return Use.CHECK if alone else Use.FIT


def _of_layers(model: Any) -> Iterator[Diagnostic]:
    """The contracts of the layers, as far as the model itself tells what they get."""
    given = declared_spec(model) if isinstance(model, keras.Sequential) else None
    if given is not None:
        yield from walked(model, given).diagnostics
    elif not isinstance(model, keras.Sequential):
        yield from of_calls(model)


def _each_once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    told = set[tuple[str, str]]()
    for one in found:
        if (one.code, one.headline) not in told:
            told.add((one.code, one.headline))
            yield one


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
