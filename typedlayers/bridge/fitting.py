"""The arguments of ``fit`` beside the data → facts.

``MonitorCallback`` keeps its operator in ``monitor_op`` once it knows it; ``Trainer._compile_metrics`` keeps the
metrics as the user gave them.
"""

from __future__ import annotations

import itertools
import math
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import source_of
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.inputs import steps_as_keras
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.pipelines import batches_in, is_endless, shares_a_split
from typedlayers.bridge.stack import inner_layers
from typedlayers.bridge.variables import half_weights
from typedlayers.facts.data import Source
from typedlayers.facts.fitting import ClassWeight, Epochs, Fitting, HalfTraining, Logs, Watcher

CLASS_WEIGHT_AT: Final = 0
"""Where ``class_weight`` stands among the arguments of ``train_on_batch`` that follow the sample weights."""


def fitting_of(model: Any, x: Any, y: Any, given: Mapping[str, Any]) -> Fitting:
    """Returns what ``fit`` is given beside the data.

    Args:
        model: a compiled model.
        x: the data.
        y: the targets.
        given: the other arguments by name, as far as they were given.
    """
    source, validation = source_of(x), given.get("validation_data")
    split = given.get("validation_split")
    heeded = split if isinstance(split, int | float) and validation is None else 0.0
    callbacks = _callbacks(given.get("callbacks"))
    watchers = tuple(_watchers(callbacks))
    before, now = _trained_before_and_now(model)
    return Fitting(
        source,
        nested=source is Source.ARRAYS and keras.tree.is_nested(y),
        class_weight=class_weight_of(given.get("class_weight")),
        split=float(heeded),
        validated=validation is not None or bool(split),
        watchers=watchers,
        logs=_logs(model, callbacks) if watchers else Logs(),
        half=_half_training(model),
        classes=tuple(one.__name__ for one in callbacks or () if isinstance(one, type)),
        frozen=_layers_of(model, before - now),
        unfrozen=_layers_of(model, now - before),
        endless=tuple(_endless(x, given)),
        empty=tuple(_empty(x, validation)),
        stops=callbacks is None or any(type(one).__module__.partition(".")[0] != "keras" for one in callbacks),
        batch_size=batch_size_of(source, given.get("batch_size"), given.get("steps_per_epoch")),
        epochs=_epochs(x, source, given, float(heeded)),
        scheduled=tuple(_setting_a_schedule(model, callbacks or ())),
        leaks=shares_a_split(x, validation),
        shuffles=source is Source.ARRAYS and given.get("shuffle", True) is True,
    )


def _epochs(x: Any, source: Source, given: Mapping[str, Any], split: float) -> Epochs:
    """How long a training is, as far as plain numbers say it."""
    first, last, steps = (given.get(name) for name in ("initial_epoch", "epochs", "steps_per_epoch"))
    return Epochs(
        first if isinstance(first, int) else 0,
        last if isinstance(last, int) else 1,
        steps if isinstance(steps, int) else None,
        _batches(x, source, given.get("batch_size"), split),
        spent=isinstance(x, types.GeneratorType),
    )


def _batches(x: Any, source: Source, size: Any, split: float) -> int | None:
    if source is Source.DATASET:
        found = batches_in(x)
        return found if found is not None and found >= 0 else None
    if source is not Source.ARRAYS:
        return None
    shape = getattr(next(iter(keras.tree.flatten(x)), None), "shape", None)
    if not shape or not isinstance(shape[0], int):
        return None
    samples = math.floor(shape[0] * (1 - split)) if 0 < split < 1 else shape[0]
    return math.ceil(samples / (size if isinstance(size, int) and size > 0 else BATCH_SIZE))


_SETS_RATES: Final = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)


def _setting_a_schedule(model: Any, callbacks: Iterable[Any]) -> Iterator[str]:
    """The callbacks that set the learning rate of an optimizer that follows a schedule."""
    found = [type(one).__name__ for one in callbacks if type(one) in _SETS_RATES]
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    if found and isinstance(optimizer.get_config().get("learning_rate"), Mapping):
        yield from found


def _trained_before_and_now(model: Any) -> tuple[frozenset[int], frozenset[int]]:
    """The weights that the traced step trains, and those that are to be trained; none of a model without one."""
    before = model_state(model).trains
    if before is None or getattr(model, "train_function", None) is None or getattr(model, "run_eagerly", False):
        return frozenset(), frozenset()
    return before, frozenset(map(id, model.trainable_variables))


def _layers_of(model: Any, weights: frozenset[int]) -> tuple[str, ...]:
    """The layers that hold weights, in the user's names."""
    if not weights:
        return ()
    holders = (one for one in inner_layers(model) if one is not model and not _has_layers(one))
    return tuple(label_of(one) for one in holders if any(id(weight) in weights for weight in one.weights))


def _has_layers(layer: Any) -> bool:
    return len(list(itertools.islice(inner_layers(layer), 2))) > 1


def _endless(x: Any, given: Mapping[str, Any]) -> Iterator[str]:
    """The datasets without an end, of which nobody said how many batches make an epoch."""
    if is_endless(x) and given.get("steps_per_epoch") is None:
        yield "x"
    if is_endless(given.get("validation_data")) and given.get("validation_steps") is None:
        yield "validation_data"


def _empty(x: Any, validation: Any) -> Iterator[str]:
    """The data that hold nothing."""
    if _is_empty(x):
        yield "x"
    if validation is not None and _is_empty(validation):
        yield "validation_data"


def _is_empty(data: Any) -> bool:
    match source_of(data):
        case Source.DATASET:
            return batches_in(data) == 0
        case Source.PYDATASET:
            return data.num_batches == 0
        case Source.ARRAYS:
            first = next(iter(keras.tree.flatten(data)), None)
            shape = getattr(first, "shape", None)
            return shape is not None and len(shape) > 0 and shape[0] == 0
    return False


def cut_fitting(x: Any, batch_size: Any, steps: Any) -> Fitting:
    """Returns what ``evaluate`` and ``predict`` are given beside the data."""
    source = source_of(x)
    return Fitting(source, batch_size=batch_size_of(source, batch_size, steps), empty=tuple(_empty(x, None)))


BATCH_SIZE: Final = 32
"""The samples that Keras puts into a batch if it is not told."""


def batch_size_of(source: Source, given: Any, steps: Any) -> int | None:
    """Returns how many samples of arrays go into each batch until they end.

    None of other sources, which make the batches themselves, and where the user says after how many it stops.
    """
    if source is not Source.ARRAYS or steps is not None:
        return None
    return given if isinstance(given, int) else BATCH_SIZE


def batch_fitting(x: Any, class_weight: Any) -> Fitting | None:
    """Returns what ``train_on_batch`` is given beside the data, None if it is nothing."""
    return (
        None if class_weight is None else Fitting(source_of(x), class_weight=class_weight_of(class_weight), batch=True)
    )


_SQUARING: Final = ("Adam", "AdamW", "Adamax", "Nadam")
"""Optimizers of Keras that divide averaged gradients by the root of averaged squares."""


def _half_training(model: Any) -> HalfTraining | None:
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    kind, epsilon = type(optimizer).__name__, getattr(optimizer, "epsilon", None)
    if (
        kind not in _SQUARING
        or type(optimizer) is not getattr(keras.optimizers, kind)
        or not isinstance(epsilon, float)
    ):
        return None
    layer = next(filter(half_weights, inner_layers(model)), None)
    return None if layer is None else HalfTraining(label_of(layer), kind, epsilon)


# ---------------------------------------------------------------------------------------------- class weights
def class_weight_of(given: Any) -> ClassWeight | None:
    """Returns the class weights as they were given, None if there are none."""
    if given is None:
        return None
    kind = type(given).__name__
    if not callable(getattr(given, "get", None)):
        return ClassWeight(kind, looks_up=False)
    if not isinstance(given, Mapping):
        return ClassWeight(kind)  # a Series of pandas, say: Keras looks classes up in it
    return ClassWeight(kind, keys=tuple(map(_key, given)), weights=tuple(map(_number, given.values())))


def _key(key: Any) -> float | str:
    number = None if isinstance(key, str | bytes) else _number(key)
    return repr(key) if number is None else number


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


# -------------------------------------------------------------------------------------------------- callbacks
def _callbacks(given: Any) -> list[Any] | None:
    """The callbacks, None if they stand in a list of the user's own making."""
    if isinstance(given, keras.callbacks.CallbackList):
        return None
    return keras.tree.flatten(given) if given else []


_WATCHING: Final = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")
"""Callbacks of Keras that watch a value."""


def _watchers(callbacks: list[Any] | None) -> Iterator[Watcher]:
    for one in callbacks or ():
        kind = type(one).__name__
        monitor = getattr(one, "monitor", None)
        if kind not in _WATCHING or type(one) is not getattr(keras.callbacks, kind) or not isinstance(monitor, str):
            continue
        undecided = getattr(one, "monitor_op", one) is None and getattr(one, "mode", "") == "auto"
        acts = bool(getattr(one, "save_best_only", True))
        mode = str(getattr(one, "mode", "auto"))
        yield Watcher(kind, monitor, needs_direction=undecided, acts=acts, mode=mode)


_RATES: Final = frozenset({"ReduceLROnPlateau", "LearningRateScheduler"})
"""Callbacks of Keras that log the learning rate."""

_ADDS: Final = ("on_epoch_end", "on_batch_end", "on_train_batch_end", "on_test_batch_end", "on_test_end")
"""Methods of a callback that are given the logs, and may add to them."""

_STEPS: Final = (
    "train_step",
    "test_step",
    "evaluate",
    "make_train_function",
    "make_test_function",
    "compute_metrics",
    "get_metrics_result",
    "metrics",
)
"""What a model of the user's may override so that other values are logged."""


def _adds(callback: Any) -> bool:
    """True if a callback may add a value to the logs: one of the user's that is given them at the end of something."""
    if isinstance(callback, keras.callbacks.LambdaCallback):
        return True
    cls = type(callback)
    definers = (next((base for base in cls.__mro__ if name in vars(base)), None) for name in _ADDS)
    return not all(base is None or base.__module__.partition(".")[0] == "keras" for base in definers)


def _logs(model: Any, callbacks: list[Any] | None) -> Logs:
    compiled, graph = getattr(model, "_compile_metrics", None), functional_of(model)
    given = _compiled_metrics(compiled)
    named = [_named(one) for one in given]
    known = [found for found in named if found is not None]
    as_keras = steps_as_keras(model, *(name for name in _STEPS if hasattr(type(model), name)))
    others = [one for one in model.metrics if one is not compiled] if as_keras else []
    kinds = {type(one).__name__ for one in callbacks or ()}
    nested = isinstance(model.loss, list | tuple | dict)
    rates = ("learning_rate",) if kinds & _RATES and not hasattr(model.optimizer, "optimizers") else ()
    return Logs(
        tuple(name for name, _ in known),
        (*(one.name for one in others), *rates),
        directed=frozenset(name for name, directed in known if directed) if as_keras and None not in named else None,
        outputs=None if graph is None or (len(graph.outputs) == 1 and nested) else tuple(graph.output_names),
        unnamed=None in named or any(map(_is_users, [*given, *others])) or any(map(_may_measure, inner_layers(model))),
        open=callbacks is None or not as_keras or any(map(_adds, callbacks)) or (bool(kinds & _RATES) and not rates),
    )


def _compiled_metrics(compiled: Any) -> list[Any]:
    kept = (getattr(compiled, name, None) for name in ("_user_metrics", "_user_weighted_metrics"))
    return [leaf for metrics in kept for leaf in keras.tree.flatten(metrics) if leaf is not None]


def _may_measure(layer: Any) -> bool:
    """True of a layer of the user's that may make a metric of its own once it is built."""
    return not layer.built and type(layer).__module__.partition(".")[0] not in ("keras", "typedlayers")


def _named(given: Any) -> tuple[str, bool] | None:
    """The name of a compiled metric, and whether Keras knows its direction; None if it has no name."""
    if isinstance(given, str) and given.lower() in ("accuracy", "acc"):
        return given, True
    try:
        found = keras.metrics.get(given)
    except ValueError:
        return None
    name = given if isinstance(given, str) else _name(found)
    if not isinstance(found, keras.metrics.Metric):
        found = keras.metrics.MeanMetricWrapper(found, name="wrapped")  # as Keras does, under a name of its own
    return None if name is None else (name, hasattr(found, "_direction"))


def _name(found: Any) -> str | None:
    """The name of a metric or a function as Keras logs it; None where it would change it."""
    name = getattr(found, "name", None) or getattr(found, "__name__", None)
    return name if isinstance(name, str) and (name == name.lower() or hasattr(found, "name")) else None


def _is_users(metric: Any) -> bool:
    """True of a metric class of the user's, whose result may be a dict of several values."""
    cls = type(metric)
    return isinstance(metric, keras.metrics.Metric) and cls.__module__.partition(".")[0] != "keras"
