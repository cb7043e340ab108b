"""The front of a model: what training saw of each input, and the repair of raw bytes at the entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from typedlayers.adapters.eager import repaired
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.model_state import ModelState, model_state, running
from typedlayers.catalogue.losses import Labels, LossFacts
from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.values import Values
from typedlayers.models._run import steps_in_use
from typedlayers.modes import Action, Mode
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import Spec, leaves


def _seen(evidence: Evidence) -> Iterator[tuple[int, Spec, Values]]:
    """Yields the tensors of x by their place, with their values, where these are numbers."""
    batch = evidence.batch
    if batch is None or batch.values is None:
        return
    for place, (path, spec) in enumerate(leaves(batch.x)):
        values = Values.of(batch.value_at(path))
        if values.range is not None:
            yield place, spec, values


def note_training(model: Any, evidence: Evidence) -> None:
    """Keeps what the values of image inputs were in the last training; later runs are compared with it.

    A ``fit`` replaces what was known, as its weights do; single batches add to it.
    """
    if not evidence.hands_over:
        return  # a step of the user's may train on something else
    state = model_state(model)
    state.looked = None
    for place, spec, values in _seen(evidence):
        if not is_image(spec) or values.range is None:
            continue
        facts = replace(values.range, noise=values.noise)
        scaled = state.scales.get(place)
        if scaled is not None and scaled.scale is not None and spec.dtype == "uint8":
            low, high = (value * scaled.scale + scaled.offset for value in (facts.low, facts.high))
            facts = replace(facts, low=low, high=high, nan=0, infinite=0, whole=False)
        before = state.trained.get(place)
        adds = before is not None and evidence.use is Use.TRAIN_ON_BATCH
        state.trained[place] = before.joined(facts) if before is not None and adds else facts


def forget_training(model: Any) -> None:
    """Forgets what training saw, as its weights are set anew; those that a callback puts back are of that training."""
    state = model_state(model)
    if running(state) is None and not state.scales:
        state.trained.clear()
        state.taken.clear()
        state.looked = None


def settles(model: Any, evidence: Evidence, mode: Mode) -> bool:
    """Returns True if the values of other batches of the same signature cannot matter."""
    outputs = () if evidence.training is None else evidence.training.outputs
    unit = any(isinstance(one.loss, LossFacts) and one.loss.contract.labels is Labels.UNIT for one in outputs)
    if mode.targets is Action.REPAIR and unit and evidence.batch is not None and evidence.batch.y is not None:
        return False  # labels are repaired batch by batch, and one of a single class needs nothing
    may_be_raw = any(spec.dtype == "uint8" for _, spec, _ in _seen(evidence))
    return not may_be_raw or bool(model_state(model).scales)


def plan(model: Any, evidence: Evidence, finding: Diagnostic, running: str = "") -> None:
    """Plans the rescale of an input; step functions that were traced before lack it, so they are made anew.

    Args:
        model: the model.
        evidence: what is known of it and of the data.
        finding: the mistake that the rescale repairs.
        running: the step function that is traced just now and has the repair; empty if none is.
    """
    state, batch = model_state(model), evidence.batch
    assert batch is not None
    assert finding.place is not None
    found = list(leaves(batch.x))
    for place, (path, spec) in enumerate(found):
        if path == finding.place.path:
            state.scales[place] = finding.repairs[0]
            what = f"input of {label_of(model)}" if len(found) == 1 else f"input {path[-1]!r} of {label_of(model)}"
            of_any_size = spec.with_(shape=(None, *spec.shape[1:])) if spec.shape else spec
            state.ledger.add_all(finding, what, of_any_size)
    for attribute in {"train_function", "test_function", "predict_function"} - {running} - steps_in_use(model):
        setattr(model, attribute, None)


def adapted(state: ModelState, x: Any) -> Any:
    """Returns a model's input as its layers need it: raw bytes scaled, everything else as it is."""
    if not state.scales:
        return x
    flat = keras.tree.flatten(x)
    return keras.tree.pack_sequence_as(
        x, [_scaled(state.scales[place], one) if place in state.scales else one for place, one in enumerate(flat)]
    )


def _scaled(repair: Repair, x: Any) -> Any:
    dtype = getattr(x, "dtype", None)
    return repaired(repair, x) if str(getattr(dtype, "name", dtype)) == "uint8" else x
