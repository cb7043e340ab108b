"""What a Sequential is given, checked before Keras sees it: dtype, rank, shape, batch, and the range of images."""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import Batch, batch_of, range_of, signature_of
from typedlayers.bridge.source import user_line
from typedlayers.bridge.stack import input_layer
from typedlayers.bridge.tensors import shape_of
from typedlayers.checker.adjacency import Walk, reaches_weights_raw
from typedlayers.checker.dataset import Intake
from typedlayers.diagnostics.model import Location
from typedlayers.layers._boundary import guarded
from typedlayers.layers._state import SEEN_MOST
from typedlayers.models._chain import chain, input_dtype, input_origin, walked
from typedlayers.models._entry import adapted as adapted
from typedlayers.models._entry import judge_data, judge_range, say_all, seen_range
from typedlayers.models._state import model_state
from typedlayers.modes import Action, Mode
from typedlayers.spec import Carrier, Origin, Range, RangeClass, Spec


class Use(enum.Enum):
    """What data are given for."""

    CALL = "call"
    FIT = "fit"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    TRAIN_ON_BATCH = "train_on_batch"
    TEST_ON_BATCH = "test_on_batch"
    PREDICT_ON_BATCH = "predict_on_batch"

    @property
    def trains(self) -> bool:
        """Whether the model learns from the data."""
        return self in (Use.FIT, Use.TRAIN_ON_BATCH)


def admit(model: Any, x: Any, y: Any = None, weight: Any = None, *, mode: Mode, use: Use) -> Any:
    """Checks what a model is given, unless nothing was found in data of the same signature.

    Returns:
        The input to go on with.

    Raises:
        ContractError: if it does not fit.
    """
    taken, parts = model_state(model).taken, (signature_of(x), signature_of(y))
    key = (mode, use, *parts)
    if key in taken:
        return x
    settled = guarded(label_of(model), lambda: _take(model, batch_of(x, y), mode, trains=use.trains))
    if settled and None not in parts:
        if len(taken) >= SEEN_MOST:
            taken.clear()
        taken.add(key)
    return x


def admit_validation(model: Any, data: Any, mode: Mode) -> None:
    """Checks the validation data of a training, before the training.

    Raises:
        ContractError: if they do not fit.
    """
    state = model_state(model)

    def check() -> None:
        batch = batch_of(*data[:2]) if isinstance(data, list | tuple) and data else batch_of(data)
        pending = state.pending
        _take(model, replace(batch, what=f"validation {batch.what.removeprefix('the ')}"), mode)
        state.pending = pending

    guarded(label_of(model), check)


def _take(model: Any, batch: Batch, mode: Mode, *, trains: bool = False) -> bool:
    """Checks one batch; tells whether data of the same signature need not be looked at again."""
    state = model_state(model)
    if not isinstance(batch.x, Spec) or not model.layers or not isinstance(model, keras.Sequential):
        return False
    intake = _intake(model)
    fits = judge_data(state, intake, batch, mode)
    found = walked(model, _first_spec(model, intake, batch.x), mode)
    if not model.built:
        say_all(list(found.errors), list(found.warnings), mode, state.allowed)
    settled = _judge_values(model, batch, found, intake, mode, trains=trains)
    return fits and settled


def _intake(model: Any) -> Intake:
    """What a model takes in, as far as it is known; the batch is never a part of it."""
    state, label, given = model_state(model), label_of(model), input_layer(model)
    made = "" if state.site is None else f", made at line {state.site[1]}"
    where = Location(*(user_line() or (None, None)), label, f"given to {label}{made}")
    first = model.layers[0]
    shape = None if given is None else shape_of(given.batch_shape)
    spec = Spec(input_dtype(model), None if shape is None else (None, *shape[1:]))
    name = None if given is None or _is_automatic(given) else given.name
    return Intake(label, name, label_of(first), spec, where, first.variable_dtype)


def _is_automatic(layer: Any) -> bool:
    """Whether Keras named an input layer itself."""
    return layer.name.startswith("input_layer")


def _first_spec(model: Any, intake: Intake, x: Spec) -> Spec:
    """What reaches the first layer: the input as declared, or as the data are, in the dtype Keras casts to."""
    if intake.spec.shape is not None:
        return intake.spec.with_(carrier=Carrier.INPUT, origin=input_origin(model))
    shape = None if x.shape is None else (None, *x.shape[1:]) if x.shape else x.shape
    return Spec(intake.spec.dtype, shape, Carrier.INPUT, origin=Origin("the data"))


def _judge_values(model: Any, batch: Batch, found: Walk, intake: Intake, mode: Mode, *, trains: bool) -> bool:
    """Judges the range of image inputs now, or plans a look at the first batch.

    Returns:
        Whether the values of other batches cannot matter.
    """
    state, spec = model_state(model), batch.x
    if not isinstance(spec, Spec) or found.errors:
        return True
    start = spec if spec.shape is None else spec.with_(shape=(None, *spec.shape[1:]))
    node = reaches_weights_raw(chain(model), (start, *found.specs[1:]))
    if node is None:
        return True
    raw = spec.dtype == "uint8"

    def judge(seen: Range | None) -> None:
        before = state.scale
        if raw:
            judge_range(state, intake, node, seen, spec, mode)
        if state.scale is not before:  # step functions that were traced before lack the repair
            model.train_function = model.test_function = model.predict_function = None
        if trains and seen is not None and state.trained_on is None and node.fresh:
            state.trained_on = RangeClass.UNIT if raw and state.scale is not None else seen.family

    if batch.values is not None:
        judge(seen_range(batch))
    elif spec.carrier is Carrier.DATASET and (raw or (trains and mode.rescale is Action.REPAIR)):
        state.pending = lambda drawn: guarded(label_of(model), lambda: judge(range_of(_input_of(drawn))))
    return not raw or state.scale is not None


def _input_of(drawn: Any) -> Any:
    """The input in a batch as a data source gave it: ``(x, y)``, ``(x, y, w)`` or ``x``."""
    while isinstance(drawn, list | tuple) and drawn:
        drawn = drawn[0]
    return drawn
