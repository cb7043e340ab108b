"""What a model is given, checked before Keras sees it: data, targets, loss, and the first batch that Keras draws."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from typedlayers.adapters.data import mended
from typedlayers.bridge.backend import is_traced, note_backend, outside_the_trace
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import batch_of, drawn_batch, identity_of, peeked, signature_of
from typedlayers.bridge.evidence import (
    computes_loss,
    handed_on,
    model_evidence,
    with_outputs_given,
    with_own_outputs,
    with_traced_targets,
)
from typedlayers.bridge.front import notice_changes
from typedlayers.bridge.inputs import steps_as_keras
from typedlayers.bridge.layer_state import SEEN_MOST
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Certainty, Diagnostic, Place
from typedlayers.facts.data import Batch, Source, by_dtype
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.fitting import Fitting
from typedlayers.models._examine import examined, of_input
from typedlayers.models._fixes import with_searched
from typedlayers.models._front import front_now, is_of_front, note_training, repair_front, settles
from typedlayers.models._own_loss import check_loop
from typedlayers.models._run import TrainerRun, current_run
from typedlayers.modes import Action, Mode
from typedlayers.rules.engine import findings
from typedlayers.rules.table import rules
from typedlayers.rules.values import range_changed, raw_bytes
from typedlayers.spec import Spec, leaves
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell, was_told
from typedlayers.verdict.ledger import Entry

Given = tuple[Any, Any]
"""What is given for x and for y."""

_STEP = {Use.FIT: "train_function", Use.EVALUATE: "test_function", Use.PREDICT: "predict_function"}
"""The step function that draws the first batch of a use."""


def admit(
    model: Any,
    x: Any,
    y: Any = None,
    weight: Any = None,
    *,
    mode: Mode,
    use: Use,
    fitting: Fitting | None = None,
) -> Given:
    """Checks what a model is given, unless nothing was found in data of the same signature.

    Returns:
        The input and the targets to go on with: repaired where the mode asks for it; a generator whose first batch was
        looked at is put together again.

    Raises:
        ContractError: if it does not fit.
    """
    note_backend()
    seen, parts = model_state(model).taken, (signature_of(x), signature_of(y), signature_of(weight))
    key = (mode, use, fitting, *parts)
    if seen.get(key, ()) is not None:
        notice_changes(model)  # of a model that scales bytes, what was true a moment ago need not be
    if key in seen:
        model_state(model).ledger.again(seen[key] or ())
        return x, y
    run = current_run()
    if run is not None and use is Use.FIT:
        run.source = identity_of(model, x)
    first, given = peeked(x) if isinstance(x, types.GeneratorType) and use.draws else (None, x)

    def looked_at() -> tuple[Batch, _Judged]:
        batch = batch_of(given, y, weight) if first is None else drawn_batch(first, "the generator")
        return batch, _judged(model, batch, mode, use, fitting)

    found = guarded(label_of(model), looked_at)
    if found is None:
        return given, y
    batch, judged = found
    if use is Use.CALL:
        check_loop(model, mode)
        if is_traced():
            _judge_bytes_of_a_trace(model, batch, mode)
    if judged.repaired:
        return _judged_again(model, _repaired(model, given, y, judged.repaired, batch), weight, mode, use)
    if judged.settles and not use.draws and None not in parts:
        if len(seen) >= SEEN_MOST:
            seen.clear()
        scales = mode.rescale is Action.REPAIR and bool(front_now(model).scales)
        seen[key] = (judged.entries or None) if scales else None
    return given, y


REPAIRS: Final = 4
"""Repairs of the data, one after the other, before what is still wrong is raised: list, axes, dtype, labels."""


def _judged_again(model: Any, data: Given, weight: Any, mode: Mode, use: Use) -> Given:
    """Checks repaired data as what they are now: a wrong dtype or rank hides what is wrong with the values.

    Raises:
        ContractError: with what is wrong still.
    """
    for _ in range(REPAIRS):

        def looked_at(given: Given = data) -> tuple[Batch, _Judged]:
            batch = batch_of(*given, weight)
            return batch, _judged(model, batch, mode, use)

        found = guarded(label_of(model), looked_at)
        if found is None or not found[1].repaired:
            return data
        data = _repaired(model, *data, found[1].repaired, found[0])
    return data


def admit_validation(model: Any, data: Any, mode: Mode) -> None:
    """Checks the validation data of a training, before the training.

    Raises:
        ContractError: if they do not fit.
    """

    def looked_at() -> None:
        batch = batch_of(*data[:3]) if isinstance(data, list | tuple) and data else batch_of(data)
        batch = replace(batch, what=f"validation {batch.what.removeprefix('the ')}")
        _judged(model, batch, mode, Use.VALIDATION)
        run = current_run()
        if run is not None and batch.values is not None and not run.learned:
            run.unseen = batch

    guarded(label_of(model), looked_at)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was decided of one batch.

    Attributes:
        repaired: the findings whose repairs are to be made of the data.
        entries: the repairs that the model makes of them itself.
        settles: whether other data of the same signature need no look.
    """

    repaired: tuple[Diagnostic, ...]
    entries: tuple[Entry, ...]
    settles: bool


def _judged(model: Any, batch: Batch, mode: Mode, use: Use, fitting: Fitting | None = None) -> _Judged:
    """Checks one batch, or as much as is known of it.

    Raises:
        ContractError: with everything that is wrong.
    """
    evidence, found = examined(model, batch, use, mode, fitting)
    repaired, entries = _told(model, evidence, found, mode)
    _note(evidence, repaired)
    if batch.values is None and batch.source is not Source.ARRAYS:
        _look_later(model, evidence, mode)
    elif use.trains:
        note_training(model, evidence)
    if use.trains and use is not Use.CHECK:
        model_state(model).columns = tuple(name for name, _ in batch.columns)
    return _Judged(repaired, entries, settles(model, evidence, mode) and evidence.outputs is not None)


def _note(evidence: Evidence, repaired: tuple[Diagnostic, ...]) -> None:
    """Lets the trace of a step know what the data are that it computes on; repaired data are others."""
    run = current_run()
    if run is None or evidence.use is None or repaired:
        return
    if evidence.use.trains:
        run.training = evidence.batch
    elif evidence.use.compares:
        run.testing = evidence.batch


def _told(
    model: Any, evidence: Evidence, found: list[Diagnostic], mode: Mode
) -> tuple[tuple[Diagnostic, ...], tuple[Entry, ...]]:
    """Says what was found, repairs the front, and returns the repairs of the data and those of the front."""
    state = model_state(model)
    if evidence.use is Use.VALIDATION:
        found = [one if was_told(one, state.told) else _of_validation(one) for one in found]
    verdict = tell(with_searched(model, evidence, found, mode), mode, state.told, state.allowed)
    entries = [e for one in verdict.repaired if is_of_front(one) for e in repair_front(model, evidence, one)]
    return tuple(one for one in verdict.repaired if not is_of_front(one)), tuple(entries)


def _of_validation(finding: Diagnostic) -> Diagnostic:
    """A finding that says that it is about the validation data: training may be given others."""
    said = finding.headline
    return finding if "validation" in said else finding.with_(headline=f"validation data: {said}")


# ------------------------------------------------------------------------------------- the first batch
def _look_later(model: Any, before: Evidence, mode: Mode) -> None:
    """Lets a look wait for the first batch that Keras draws: its values, and what its source did not tell."""
    use = Use.EVALUATE if before.use is Use.VALIDATION else before.use
    attribute = None if use is None else _STEP.get(use)
    run = current_run()
    if attribute is None or run is None:
        return
    if before.use is Use.VALIDATION:
        run.unseen = before.batch
        if run.looked:
            _compare_unseen(model, mode)
    run.looked = run.looked or (use is Use.FIT and run.source is not None and _was_looked_at(model, run.source, mode))
    if not (use is Use.FIT and run.looked):
        run.looks[attribute] = _look(model, before, mode)


def _was_looked_at(model: Any, source: Any, mode: Mode) -> bool:
    """Returns True if the last training was on this very dataset, and its first batch was right."""
    return model_state(model).looked == (source, mode)


def _look(model: Any, before: Evidence, mode: Mode) -> Callable[[Any], None]:
    what = "the data" if before.batch is None else before.batch.what

    def look(drawn: Any) -> None:
        def looked_at() -> None:
            assert before.use is not None
            evidence, found = examined(model, drawn_batch(drawn, what), before.use, mode)
            _note(evidence, _told(model, evidence, found, mode)[0])
            if evidence.use is not None and evidence.use.trains:
                note_training(model, evidence)
                run = current_run()
                model_state(model).looked = None if found or run is None or run.source is None else (run.source, mode)
                _compare_unseen(model, mode)

        guarded(label_of(model), looked_at)

    return look


def _compare_unseen(model: Any, mode: Mode) -> None:
    """Compares validation data with what is trained on, once that is known: those that are not seen yet by dtype."""
    run = current_run()
    unseen = None if run is None else run.unseen
    if run is None or unseen is None:
        return
    is_seen = unseen.values is not None
    if is_seen and any(facts.whole for facts, _ in run.learned.values()):
        return  # counts, of which the first batch may hold small ones
    batch = unseen if is_seen else by_dtype(unseen)
    if batch is None or (mode.rescale is Action.REPAIR and not is_seen):
        return  # bytes that come are scaled
    evidence, found = examined(model, batch, Use.VALIDATION, mode)
    changed = [one.with_(repairs=()) for one in found if one.code == range_changed.RULE.code]
    if is_seen:  # one batch alone says too little of a range for a suspicion
        changed = [one for one in changed if one.certainty is Certainty.CERTAIN]
    else:
        changed = [one.with_(certainty=Certainty.PERHAPS) for one in changed]
    _told(model, evidence, changed, mode)


# ----------------------------------------------------------------------------------- the trace of a step
def _judge_bytes_of_a_trace(model: Any, batch: Batch, mode: Mode) -> None:
    """Warns of bytes that reach new weights in a loop of the user's: a trace has dtypes and no values."""
    unseen = by_dtype(batch)
    if unseen is None:
        return

    def looked_at() -> None:
        with outside_the_trace():
            evidence, found = of_input(model, unseen, Use.CALL, mode)
        # what a mode would repair is refused where it cannot be: the trace would hold for as long as the loop runs
        certainty = Certainty.CERTAIN if mode.rescale is Action.REPAIR else Certainty.PERHAPS
        raw = [one.with_(certainty=certainty, repairs=()) for one in found if one.code == raw_bytes.RULE.code]
        _told(model, evidence, raw, mode)

    guarded(label_of(model), looked_at)


def check_input(model: Any, x: Any, mode: Mode, *, training: bool) -> None:
    """Checks the data of a run as a step of the user's hands them to the model, if they are as Keras drew them.

    Raises:
        ContractError: if they do not fit, before a step has run.
    """
    run, use = current_run(), Use.FIT if training else Use.EVALUATE
    drawn = None if run is None else run.data(training=training)
    if run is None or drawn is None or steps_as_keras(model, *use.steps):
        return
    batch = run.handed_on = handed_on(x, drawn)
    if batch is None:
        return

    def looked_at() -> None:
        state = model_state(model)
        with outside_the_trace():
            evidence, found = of_input(model, batch, use, mode)
            if training:
                note_training(model, evidence)
        # the data are on their way already: only what is done to bytes at the model's entry can still be repaired
        scales = bool(evidence.front.scales)
        found = [one if scales and is_of_front(one) else one.with_(repairs=()) for one in found]
        for one in tell(with_searched(model, evidence, found, mode), mode, state.told, state.allowed).repaired:
            repair_front(model, evidence, one)

    guarded(label_of(model), looked_at)


def check_loss(model: Any, y: Any, y_pred: Any, weight: Any, mode: Mode, *, training: bool) -> None:
    """Checks targets and loss as the loss is computed: of outputs that were unknown, and in steps of the user's.

    Raises:
        ContractError: with every mistake, before a step has run.
    """
    seen, parts = model_state(model).taken, (signature_of(y), signature_of(y_pred), signature_of(weight))
    key = ("loss", mode, *parts)  # symbolic tensors have no signature: a trace is checked, each eager step is not
    if key in seen or not computes_loss(model):
        return

    def looked_at() -> None:
        run = current_run() or TrainerRun()
        evidence = model_evidence(model, Use.TRAIN_ON_BATCH if training else Use.TEST_ON_BATCH)
        known = evidence.outputs is not None and run.gave(y_pred)
        evidence = with_own_outputs(model, evidence) if known else with_outputs_given(model, evidence, y_pred)
        drawn = run.data(training=training)
        evidence = with_traced_targets(model, evidence, y, weight, drawn, handed_on=run.handed_on is not None)
        found, state = findings(rules(), evidence), model_state(model)
        found = with_searched(model, evidence, [one.with_(repairs=()) for one in found], mode)
        tell(found, mode, state.told, state.allowed)

    guarded(label_of(model), looked_at)
    if None not in parts and len(seen) < SEEN_MOST:
        seen[key] = None


# ------------------------------------------------------------------------------------------- repaired data
def _repaired(model: Any, x: Any, y: Any, repaired: tuple[Diagnostic, ...], batch: Batch) -> Given:
    """Returns the data with every planned repair made, and writes the repairs down."""
    ledger, label = model_state(model).ledger, label_of(model)
    for finding in repaired:
        place = finding.place
        if place is None:
            continue
        for repair in finding.repairs:
            if place.part == "y":
                y = mended(y, place.path, repair)
            elif batch.is_at_hand:
                x = mended(x, place.path, repair)
        spec = _spec_at(batch, place)
        if spec is not None:
            whole = place.part == "x" and not place.path
            ledger.add_all(finding, f"input of {label}" if whole else f"`{place.part}` of {label}", spec)
    return x, y


def _spec_at(batch: Batch, place: Place) -> Spec | None:
    tree = batch.y if place.part == "y" else batch.x
    return next((spec for path, spec in leaves(tree) if path == place.path), None)
