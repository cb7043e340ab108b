"""What a model is given, checked before Keras sees it: data, targets and loss, and the values of the first batch."""

from __future__ import annotations

import enum
import types
from dataclasses import replace
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import Batch, Source, batch_of, drawn_batch, peeked, signature_of
from typedlayers.bridge.source import user_line
from typedlayers.bridge.stack import input_layer
from typedlayers.bridge.tensors import shape_of
from typedlayers.checker.adjacency import Walk
from typedlayers.checker.dataset import Intake
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.layers._boundary import guarded
from typedlayers.layers._state import SEEN_MOST
from typedlayers.models._adapted import unadapted
from typedlayers.models._chain import input_dtype, input_origin, walked
from typedlayers.models._entry import judge_data, say_all
from typedlayers.models._state import model_state
from typedlayers.models._targets import check_again, check_pairs
from typedlayers.models._values import adapted as adapted
from typedlayers.models._values import inputs_seen, judged_values, may_be_raw, note_training, raw_bytes
from typedlayers.modes import Mode
from typedlayers.spec import Carrier, Origin, Spec, leaves


class Use(enum.Enum):
    """What data are given for."""

    CALL = "call"
    FIT = "fit"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    TRAIN_ON_BATCH = "train_on_batch"
    TEST_ON_BATCH = "test_on_batch"
    PREDICT_ON_BATCH = "predict_on_batch"
    VALIDATION = "validation"

    @property
    def trains(self) -> bool:
        """Whether the model learns from the data."""
        return self in (Use.FIT, Use.TRAIN_ON_BATCH)

    @property
    def compares(self) -> bool:
        """Whether outputs are compared with targets."""
        return self not in (Use.CALL, Use.PREDICT, Use.PREDICT_ON_BATCH)

    @property
    def draws(self) -> bool:
        """Whether Keras draws batches from the data."""
        return self in (Use.FIT, Use.EVALUATE, Use.PREDICT)


def admit(model: Any, x: Any, y: Any = None, weight: Any = None, *, mode: Mode, use: Use) -> Any:
    """Checks what a model is given, unless nothing was found in data of the same signature.

    Returns:
        The input to go on with: a generator whose first batch was looked at is put together again.

    Raises:
        ContractError: if it does not fit.
    """
    taken, parts = model_state(model).taken, (signature_of(x), signature_of(y), signature_of(weight))
    key = (mode, use, *parts)
    if key in taken:
        return x
    if isinstance(x, types.GeneratorType) and use.draws:
        first, x = peeked(x)
        batch = batch_of(x) if first is None else drawn_batch(first, "the generator")
    else:
        batch = batch_of(x, y, weight)
    settled = guarded(label_of(model), lambda: _take(model, batch, mode, use))
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
    batch = batch_of(*data[:3]) if isinstance(data, list | tuple) and data else batch_of(data)
    batch = replace(batch, what=f"validation {batch.what.removeprefix('the ')}")
    guarded(label_of(model), lambda: _take(model, batch, mode, Use.VALIDATION))


def _take(model: Any, batch: Batch, mode: Mode, use: Use) -> bool:
    """Checks one batch; tells whether data of the same signature need not be looked at again."""
    state, where = model_state(model), _where(model)
    fits, walk = True, None
    if use is Use.FIT:
        say_all(list(unadapted(model, data="x_train")), [], mode, state.allowed)
    if batch.x is not None:
        intake = _intake(model, where)
        fits = intake is None or judge_data(state, intake, batch, mode)
        walk = _walked(model, intake, batch, mode)
        if walk is not None and not model.built:
            say_all(list(walk.errors), list(walk.warnings), mode, state.allowed)
    if walk is not None and walk.errors:
        return fits
    if use is Use.VALIDATION:
        check_again(model, batch, mode, where)
    elif use.compares and not check_pairs(model, batch, mode, where) and use.draws:
        state.pending = lambda _: guarded(label_of(model), lambda: check_pairs(model, batch, mode, where))
    if batch.values is not None:
        settled = _look(model, batch, walk, mode, use, where) and fits
        return settled and not (use.compares and use.draws)  # the labels of other data may be others
    if use.draws and batch.source is not Source.ARRAYS:
        state.pending = lambda drawn: guarded(
            label_of(model), lambda: _first_batch(model, batch, drawn, mode, use, where)
        )
    return False


def _first_batch(model: Any, before: Batch, drawn: Any, mode: Mode, use: Use, where: Location) -> None:
    """Looks at the batch that Keras drew first; what its source did not tell is checked now."""
    batch = drawn_batch(drawn, before.what)
    if before.x is None or any(spec.shape is None for _, spec in leaves(before.x)):
        _take(model, batch, mode, use)
        return
    walk = _walked(model, _intake(model, where), before, mode)
    if use.compares:
        check_again(model, batch, mode, where)
    _look(model, batch, walk, mode, use, where)


def _look(model: Any, batch: Batch, walk: Walk | None, mode: Mode, use: Use, where: Location) -> bool:
    """Judges the values of a batch.

    Returns:
        Whether the values of other batches cannot matter.

    Raises:
        ContractError: if they do not fit.
    """
    state = model_state(model)
    inputs = list(inputs_seen(model, batch.x, batch.values, walk, where))
    found: tuple[list[Diagnostic], list[Diagnostic]] = raw_bytes(model, inputs, mode)
    more = judged_values(model, inputs, trains=use.trains)
    say_all(found[0] + more[0], found[1] + more[1], mode, state.allowed)
    if use.trains:
        note_training(model, inputs)
    return not may_be_raw(inputs) or bool(state.scales)


def _where(model: Any) -> Location:
    state, label = model_state(model), label_of(model)
    made = "" if state.site is None else f", made at line {state.site[1]}"
    return Location(*(user_line() or (None, None)), label, f"given to {label}{made}")


def _intake(model: Any, where: Location) -> Intake | None:
    """What a Sequential takes in, as far as it is known; the batch is never a part of it."""
    if not isinstance(model, keras.Sequential) or not model.layers:
        return None
    label, given = label_of(model), input_layer(model)
    first = model.layers[0]
    shape = None if given is None else shape_of(given.batch_shape)
    spec = Spec(input_dtype(model), None if shape is None else (None, *shape[1:]))
    name = None if given is None or _is_automatic(given) else given.name
    return Intake(label, name, label_of(first), spec, where, first.variable_dtype)


def _is_automatic(layer: Any) -> bool:
    """Whether Keras named an input layer itself."""
    return layer.name.startswith("input_layer")


def _walked(model: Any, intake: Intake | None, batch: Batch, mode: Mode) -> Walk | None:
    """A Sequential's chain with what reaches it: the input as declared, or as the data are."""
    if intake is None or not isinstance(batch.x, Spec):
        return None
    return walked(model, _first_spec(model, intake, batch.x), mode)


def _first_spec(model: Any, intake: Intake, x: Spec) -> Spec:
    """What reaches the first layer: the input as declared, or as the data are, in the dtype Keras casts to."""
    if intake.spec.shape is not None:
        return intake.spec.with_(carrier=Carrier.INPUT, origin=input_origin(model))
    shape = None if x.shape is None else (None, *x.shape[1:]) if x.shape else x.shape
    return Spec(intake.spec.dtype, shape, Carrier.INPUT, origin=Origin("the data"))
