"""The front of a model at work: what training saw, and the two repairs of raw bytes.

Bytes into weights that nobody trained: a Rescaling becomes a layer of the model, as the person would type it. Bytes
into a model of which a unit range is known: they are scaled by their dtype alone, as ops traced with the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np

from typedlayers.adapters.eager import repaired
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import forget_training, front_of, mark_trained, named_inputs_of, notice_changes
from typedlayers.bridge.members import own_layers, weights_changed
from typedlayers.bridge.model_state import ModelState, model_state, running
from typedlayers.bridge.rewire import put_in_front
from typedlayers.catalogue.losses import Labels, LossFacts
from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.facts.data import Path
from typedlayers.facts.evidence import Evidence, Use
from typedlayers.facts.front import Front, named_inputs, places_of
from typedlayers.facts.inputs import InputSpec, each_input
from typedlayers.facts.values import Values
from typedlayers.models._run import TrainerRun, current_run, steps_in_use
from typedlayers.modes import Action, Mode, current
from typedlayers.rules.values.bytes import LEAST_MOST
from typedlayers.spec import Kind, Spec, kind_of, leaves
from typedlayers.verdict.ledger import Entry

STEPS: Final = frozenset({"train_function", "test_function", "predict_function"})
"""The attributes that hold the traced steps of a model."""

BYTES: Final = "uint8"


def front_now(model: Any) -> Front:
    """Returns what the inputs of a model take, in the middle of a training too."""
    front, run = front_of(model), current_run()
    while run is not None:
        if run.model is model:
            front = _learned(front, run)
        run = run.outer
    return front


def _learned(front: Front, run: TrainerRun) -> Front:
    if front.frozen:
        return front
    for key, (facts, dtype) in run.learned.items():
        front = front.with_(key, trained=facts, dtype=dtype)
    return front


# ------------------------------------------------------------------------------------- what training saw
def note_training(model: Any, evidence: Evidence) -> None:
    """Keeps what the values of the inputs are in this training, for as long as it goes on."""
    run = current_run()
    if run is None or not evidence.hands_over:
        return  # a step of the user's may train on something else
    model_state(model).looked = None
    scales = evidence.front.scales if evidence.rescales else {}
    for key, spec, one, values in _seen(evidence):
        if one is not None and one.lookup is not None:
            continue  # ids, of which any may come
        if spec.dtype == BYTES and key in scales:
            continue  # what the layers get is what they got before
        assert values.range is not None
        facts = replace(values.range, noise=values.noise)
        before = run.learned.get(key)
        dtype = keras.config.floatx()
        if one is not None and one.spec.dtype is not None and kind_of(one.spec.dtype) is Kind.FLOAT:
            dtype = one.spec.dtype
        run.learned[key] = (facts if before is None else before[0].joined(facts), dtype)


def _seen(evidence: Evidence) -> Iterator[tuple[str, Spec, InputSpec | None, Values]]:
    """Yields the tensors of x by the name of their input, with their values, where these are finite numbers."""
    batch = evidence.batch
    if batch is None or batch.values is None:
        return
    tree = None if evidence.inputs is None else evidence.inputs.tree
    declared = [] if tree is None else [one for _, one in each_input(tree)]
    found = list(leaves(batch.x))
    places = places_of(named_inputs(tree), [path for path, _ in found])
    for path, spec in found:
        values = Values.of(batch.value_at(path))
        if values.range is not None and values.range.finite:
            index, key = places[path]
            yield key, spec, None if index is None else declared[index], values


def end_training(model: Any, run: TrainerRun) -> None:
    """Keeps what a training saw, once it has ended in whatever way; one that changed no weight taught nothing.

    A ``fit`` replaces what was known, as its weights do; single batches add to it.
    """
    state = model_state(model)
    if run.before is not None and run.before.holds:
        return
    state.made = None
    if state.fresh:
        weights_changed(model)
    front = state.front
    if run.steps == ONE_BATCH:
        for key, (facts, dtype) in list(run.learned.items()):
            before = front.of(key).trained
            run.learned[key] = (facts if before is None else before.joined(facts), dtype)
    mark_trained(model, _learned(front, run))


ONE_BATCH: Final = ("train_function",)
"""The step functions of a run of ``train_on_batch``."""


def weights_were_set(model: Any) -> None:
    """Forgets what training saw, as its weights are set anew; those that a callback puts back are of that training."""
    state = model_state(model)
    if running(state) is None:
        forget_training(model)


def settles(model: Any, evidence: Evidence, mode: Mode) -> bool:
    """Returns True if the values of other batches of the same signature cannot matter."""
    batch, front = evidence.batch, evidence.front
    outputs = () if evidence.training is None else evidence.training.outputs
    unit = any(isinstance(one.loss, LossFacts) and one.loss.contract.labels is Labels.UNIT for one in outputs)
    if mode.targets is Action.REPAIR and unit and batch is not None and batch.y is not None:
        return False  # labels are repaired batch by batch, and one of a single class needs nothing
    new = evidence.use is Use.TRAIN_ON_BATCH or model_state(model).fresh
    for key, spec, _, values in _seen(evidence):
        promised = front.of(key).declared is not None or (front.frozen and front.of(key).values is not None)
        dark = new and spec.dtype == BYTES and values.range is not None and values.range.high < LEAST_MOST
        if promised or dark:
            return False
    return True


# ------------------------------------------------------------------------------------------- the repairs
def is_of_front(finding: Diagnostic) -> bool:
    """Returns True for the repair of raw bytes at the entry of a model."""
    rescales = any(repair.kind == "rescale" for repair in finding.repairs)
    return rescales and finding.place is not None and finding.place.part == "x"


def repair_front(model: Any, evidence: Evidence, finding: Diagnostic) -> list[Entry]:
    """Repairs what comes in at the front: by a layer where weights were never trained, else by the bytes' dtype.

    Args:
        model: the model.
        evidence: what is known of it and of the data.
        finding: the mistake that the rescale repairs.

    Returns:
        What was written down.
    """
    batch = evidence.batch
    assert batch is not None
    assert finding.place is not None
    tree = None if evidence.inputs is None else evidence.inputs.tree
    found = dict(leaves(batch.x))
    index, key = places_of(named_inputs(tree), list(found))[finding.place.path]
    spec = found[finding.place.path]
    of_any_size = spec.with_(shape=(None, *spec.shape[1:])) if spec.shape else spec
    what = f"input of {label_of(model)}" if len(found) == 1 else f"input {key!r} of {label_of(model)}"
    if key not in evidence.front.scales:
        layer = _insert(model, index or 0, finding.repairs[0])
        what = f'{what}, as layer "{layer.name}"'
    return model_state(model).ledger.add_all(finding, what, of_any_size)


def _insert(model: Any, index: int, repair: Repair) -> Any:
    """Puts a Rescaling in front of the model, as the person would who mends the program by hand."""
    layer = keras.layers.Rescaling(repair.scale, repair.offset)
    put_in_front(model, {index: layer})
    state = model_state(model)
    state.owns, state.dry_run = False, None
    state.taken.clear()
    own_layers(model)
    trace_anew(model)
    return layer


def trace_anew(model: Any) -> None:
    """Drops the traced steps of a model, but for those of runs that go on."""
    for attribute in STEPS - steps_in_use(model):
        setattr(model, attribute, None)
    model_state(model).traced = None


def adapted(model: Any, x: Any, mode: Mode) -> Any:
    """Returns a model's input as its layers need it: bytes scaled where the model takes a unit range."""
    if mode.rescale is not Action.REPAIR:
        return x
    scales = front_now(model).scales
    if not scales:
        return x
    flat = list(_flat(x))
    keys = places_of(named_inputs_of(model), [path for path, _ in flat])
    todo = {path: scales[key] for path, (_, key) in keys.items() if key in scales}
    return _scaled(x, (), {path: todo[path] for path, one in flat if path in todo and _dtype(one) == BYTES})


def bytes_taken(model: Any) -> Mapping[str, Repair]:
    """Returns what a model does to bytes in the mode that it has now, by the name of the input."""
    state = model_state(model)
    notice_changes(model)
    mode = current(state.mode)
    return front_now(model).scales if mode.rescale is Action.REPAIR else {}


def note_trace(model: Any, state: ModelState, x: Any, mode: Mode) -> None:
    """Notes what is done to bytes in a step that is traced on some: it holds for as long as the trace."""
    if any(_dtype(one) == BYTES for _, one in _flat(x)):
        state.traced = front_now(model).scales if mode.rescale is Action.REPAIR else {}


def as_traced(model: Any, state: ModelState, mode: Mode) -> None:
    """Lets the steps be traced anew if what they do to bytes is no longer what is to be done."""
    if state.traced is not None:
        now = front_now(model).scales if mode.rescale is Action.REPAIR else {}
        if state.traced != now:
            trace_anew(model)


def _flat(x: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(x, Mapping):
        for key in sorted(x):
            yield from _flat(x[key], (*path, key))
    elif isinstance(x, list | tuple):
        for index, one in enumerate(x):
            yield from _flat(one, (*path, index))
    elif x is not None:
        yield path, x


def _scaled(x: Any, path: Path, repairs: Mapping[Path, Repair]) -> Any:
    if not repairs:
        return x
    if isinstance(x, Mapping):
        return {key: _scaled(one, (*path, key), repairs) for key, one in x.items()}
    if isinstance(x, list | tuple):
        make = getattr(type(x), "_make", type(x))  # a named tuple takes its fields one by one
        return make([_scaled(one, (*path, index), repairs) for index, one in enumerate(x)])
    if path not in repairs:
        return x
    made = repaired(repairs[path], x)
    # Keras takes no nest of tensors and arrays together
    return keras.ops.convert_to_numpy(made) if path and isinstance(x, np.ndarray) else made


def _dtype(x: Any) -> str:
    dtype = getattr(x, "dtype", None)
    return str(getattr(dtype, "name", dtype))
