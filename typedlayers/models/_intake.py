"""What a model is given, checked before Keras sees it: data, targets and loss, and the values of the first batch."""

from __future__ import annotations

import types
from dataclasses import replace
from typing import Any

import keras

from typedlayers.adapters.data import mended
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import Batch, Source, batch_of, drawn_batch, peeked, signature_of
from typedlayers.bridge.layer_state import SEEN_MOST
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Location
from typedlayers.facts.data import Finding, Part
from typedlayers.models._examination import Examined, Use, chain_with, examined
from typedlayers.models._targets import check_traced
from typedlayers.models._values import inputs_seen, judged_values, may_be_raw, note_training, raw_bytes
from typedlayers.modes import Mode
from typedlayers.rules.contracts.repair_plan import after
from typedlayers.rules.contracts.walk import Walk
from typedlayers.spec import Spec, leaves
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell
from typedlayers.verdict.ledger import Entry
from typedlayers.verdict.source import user_line

Given = tuple[Any, Any]
"""What is given for x and for y."""


def admit(model: Any, x: Any, y: Any = None, weight: Any = None, *, mode: Mode, use: Use) -> Given:
    """Checks what a model is given, unless nothing was found in data of the same signature.

    Returns:
        The input and the targets to go on with: repaired where the mode asks for it; a generator whose first batch was
        looked at is put together again.

    Raises:
        ContractError: if it does not fit.
    """
    taken, parts = model_state(model).taken, (signature_of(x), signature_of(y), signature_of(weight))
    key = (mode, use, *parts)
    if key in taken:
        return x, y
    first, given = peeked(x) if isinstance(x, types.GeneratorType) and use.draws else (None, x)

    def looked_at() -> tuple[Batch, list[Finding], bool]:
        batch = batch_of(given, y, weight) if first is None else drawn_batch(first, "the generator")
        return batch, *_taken(model, batch, mode, use)

    found = guarded(label_of(model), looked_at)
    if found is None:
        return given, y
    batch, mends, settled = found
    if settled and not mends and not use.draws and None not in parts:
        if len(taken) >= SEEN_MOST:
            taken.clear()
        taken.add(key)
    return _mended(model, given, y, mends, batch)


def admit_validation(model: Any, data: Any, mode: Mode) -> None:
    """Checks the validation data of a training, before the training.

    Raises:
        ContractError: if they do not fit.
    """

    def looked_at() -> None:
        batch = batch_of(*data[:3]) if isinstance(data, list | tuple) and data else batch_of(data)
        batch = replace(batch, what=f"validation {batch.what.removeprefix('the ')}")
        _taken(model, batch, mode, Use.VALIDATION)

    guarded(label_of(model), looked_at)


def _taken(model: Any, batch: Batch, mode: Mode, use: Use) -> tuple[list[Finding], bool]:
    """Checks one batch, or as much as is known of it.

    Returns:
        The repairs of the data that are to be made; and whether other data of the same signature need no look.

    Raises:
        ContractError: with everything that is wrong.
    """
    state, where = model_state(model), place_of_data(model)
    found = examined(model, batch, mode, use, where)
    _say(model, found, mode)
    if found.walk is not None and any(one.is_error for one in found.walk.diagnostics):
        return found.mends, False
    if batch.values is not None:
        settled = _look(model, batch, found.walk, mode, use, where)
        if use.draws and not found.outputs and isinstance(model, keras.Sequential):  # built by the first batch
            state.pending = lambda _: guarded(
                label_of(model), lambda: _say(model, examined(model, batch, mode, use, where), mode)
            )
        return found.mends, settled and found.outputs
    if use.draws and batch.source is not Source.ARRAYS:
        state.pending = lambda drawn: guarded(
            label_of(model), lambda: _first_batch(model, batch, drawn, mode, use, where)
        )
    return found.mends, False


def _say(model: Any, found: Examined, mode: Mode) -> None:
    state = model_state(model)
    tell([*found.errors, *found.warned], mode, state.told, state.allowed)


def _first_batch(model: Any, before: Batch, drawn: Any, mode: Mode, use: Use, where: Location) -> None:
    """Looks at the batch that Keras drew first: its values, and what its source did not tell."""
    batch = drawn_batch(drawn, before.what)
    _say(model, examined(model, batch, mode, use, where), mode)
    _look(model, batch, chain_with(model, before if isinstance(before.x, Spec) else batch, mode), mode, use, where)


def _look(model: Any, batch: Batch, walk: Walk | None, mode: Mode, use: Use, where: Location) -> bool:
    """Judges the values of a batch.

    Returns:
        Whether the values of other batches cannot matter.

    Raises:
        ContractError: if they do not fit.
    """
    state = model_state(model)
    inputs = list(inputs_seen(model, batch.x, batch.values, walk, where))
    found = raw_bytes(model, inputs, mode)
    more = judged_values(model, inputs, trains=use.trains)
    tell([*found[0], *more[0], *found[1], *more[1]], mode, state.told, state.allowed)
    if use.trains:
        note_training(model, inputs)
    return not may_be_raw(inputs) or bool(state.scales)


def place_of_data(model: Any) -> Location:
    """Returns the line that gives the data, and the model that gets them."""
    state, label = model_state(model), label_of(model)
    made = "" if state.site is None else f", made at line {state.site[1]}"
    return Location(*(user_line() or state.site or (None, None)), label, f"given to {label}{made}")


def check_loss(model: Any, y: Any, y_pred: Any, weight: Any, mode: Mode) -> None:
    """Checks targets and loss of a model whose outputs only its loss sees, while a step is traced.

    Raises:
        ContractError: with every mistake, before a step has run.
    """
    taken, parts = model_state(model).taken, (signature_of(y), signature_of(y_pred), signature_of(weight))
    key = ("loss", mode, *parts)  # symbolic tensors have no signature: a trace is checked, each eager step is not
    if key in taken:
        return
    guarded(label_of(model), lambda: check_traced(model, y, y_pred, weight, mode, place_of_data(model)))
    if None not in parts and len(taken) < SEEN_MOST:
        taken.add(key)


# ------------------------------------------------------------------------------------------- repaired data
def _mended(model: Any, x: Any, y: Any, mends: list[Finding], batch: Batch) -> Given:
    """Returns the data with every planned repair made, and writes the repairs down."""
    for mend in mends:
        repair, path = mend.diagnostic.lenient, mend.path
        if repair is None or path is None:
            continue
        before = _spec_at(batch, mend)
        if mend.part is Part.Y:
            y = mended(y, path, repair)
        elif batch.values is not None or batch.lists:
            x = mended(x, path, repair)
        if before is not None:
            label, whole = label_of(model), mend.part is Part.X and not path
            what = f"input of {label}" if whole else f"`{mend.part.value}` of {label}"
            diagnostic = mend.diagnostic
            entry = Entry(
                repair, what, diagnostic.where, diagnostic.headline, diagnostic.code, before, after(repair, before)
            )
            model_state(model).ledger.add(entry)
    return x, y


def _spec_at(batch: Batch, mend: Finding) -> Spec | None:
    tree = batch.y if mend.part is Part.Y else batch.x
    return next((spec for path, spec in leaves(tree) if path == mend.path), None)
