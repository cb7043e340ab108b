"""What ``compile`` was given for loss and metrics → facts, one for each output.

``Trainer._compile_metrics`` keeps the metrics as the user gave them, in ``_user_metrics`` and
``_user_weighted_metrics``; where an installed Keras lacks them, metrics are not checked.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import keras

from typedlayers.catalogue import losses, metrics
from typedlayers.catalogue.losses import LossFacts
from typedlayers.catalogue.metrics import MetricFacts
from typedlayers.facts.training import ByShapes, GivenLoss, GivenMetric, OutputTraining, Training, told

CROSSENTROPY: Final = ("crossentropy", "ce")
"""Names for which Keras chooses the loss by the shapes of targets and output."""

ACCURACY: Final = ("accuracy", "acc")
"""Names for which it chooses the metric so."""


def training_of(model: Any, names: Sequence[str]) -> Training | None:
    """Returns what a model was compiled with; None if the losses are nested in a way that only Keras resolves.

    Args:
        model: a compiled model.
        names: its outputs' names, in order.
    """
    losses_given = for_outputs(model.loss, names)
    if losses_given is None:
        return None
    each = zip(losses_given, metrics_given(model, names), strict=True)
    return Training(tuple(_of_output(loss, own) for loss, own in each))


def _of_output(loss: Any, own: Sequence[Any]) -> OutputTraining:
    found = map(given_metric, own)
    return OutputTraining(loss is not None, given_loss(loss), tuple(one for one in found if one is not None))


def for_outputs(given: Any, names: Sequence[str]) -> tuple[Any, ...] | None:
    """Returns what ``compile`` was given for each output, None for one that was given nothing.

    Args:
        given: one thing for all outputs, a list of one for each, or a dict by name.
        names: the outputs' names, in order.

    Returns:
        None, if it is nested in a way that only Keras resolves.
    """
    if isinstance(given, Mapping):
        return tuple(given.get(name) for name in names) if set(given) <= set(names) else None
    if isinstance(given, list | tuple):
        flat = len(given) == len(names) and not any(isinstance(item, list | tuple | Mapping) for item in given)
        return tuple(given) if flat else None
    return (given,) * len(names)


# -------------------------------------------------------------------------------------------------------- losses
def given_loss(given: Any) -> GivenLoss:
    """Returns what is known of one loss as it was given; None of the user's own, and of none."""
    by_shapes = isinstance(given, str) and given.lower() in CROSSENTROPY
    return ByShapes(given) if by_shapes else loss_facts(given)


def loss_facts(given: Any) -> LossFacts | None:
    """Returns the facts of a loss: a name, a function or an instance; None of the user's own."""
    if isinstance(given, str):
        try:
            found = keras.losses.get(given)
        except ValueError:
            return None  # Keras says that there is no such loss
        facts = loss_facts(found)
        return None if facts is None else told(facts, f'"{given}"')
    if isinstance(given, keras.losses.Loss):
        return _of_instance(given)
    function, options = _unwrapped(given)
    contract = losses.LOSSES.get(getattr(function, "__name__", ""))
    if contract is None or getattr(keras.losses, contract.name, None) is not function:
        return None
    return _facts(contract, contract.name, options)


def _unwrapped(given: Any) -> tuple[Any, Mapping[str, Any]]:
    if isinstance(given, functools.partial) and not given.args:
        return given.func, given.keywords
    return given, {}


def _of_instance(loss: Any) -> LossFacts | None:
    cls = type(loss).__name__
    contract = next((row for row in losses.LOSSES.values() if row.cls == cls), None)
    if contract is None or type(loss) is not getattr(keras.losses, cls, None):
        return None
    options = loss.get_config()
    arguments = "from_logits=True" if options.get("from_logits") else ""
    return _facts(contract, f"{cls}({arguments})", options)


def _facts(contract: losses.Contract, text: str, options: Mapping[str, Any]) -> LossFacts:
    axis = options.get("axis", None if contract.name in ("dice", "tversky") else -1)
    return LossFacts(
        contract,
        text,
        from_logits=bool(options.get("from_logits", False)),
        ignore_class=options.get("ignore_class"),
        smoothing=float(options.get("label_smoothing") or 0.0),
        axis=axis if isinstance(axis, int) else None,
    )


# ------------------------------------------------------------------------------------------------------ metrics
def metrics_given(model: Any, names: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Returns the metrics that ``compile`` was given for each output, weighted ones too."""
    compiled = getattr(model, "_compile_metrics", None)
    found: list[list[Any]] = [[] for _ in names]
    for attribute in ("_user_metrics", "_user_weighted_metrics"):
        given = getattr(compiled, attribute, None)
        if not given:
            continue
        if len(names) == 1:
            found[0] += _flat(given)
            continue
        each = for_outputs(_nested(given), names)
        for own, more in zip(found, each or (), strict=False):
            own += _flat(more)
    return tuple(tuple(own) for own in found)


def _nested(given: Any) -> Any:
    """Metrics of several outputs: lists of lists become tuples of one thing each, which is then flattened."""
    if isinstance(given, list | tuple):
        return [functools.partial(_flat, item) if isinstance(item, list | tuple) else item for item in given]
    return given


def _flat(given: Any) -> list[Any]:
    if isinstance(given, functools.partial) and given.func is _flat:
        return given()
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [leaf for item in given.values() for leaf in _flat(item)]
    if isinstance(given, list | tuple):
        return [leaf for item in given for leaf in _flat(item)]
    return [given]


def given_metric(given: Any) -> GivenMetric | None:
    """Returns what is known of one metric as it was given; None of the user's own."""
    by_shapes = isinstance(given, str) and given.lower() in ACCURACY
    return ByShapes(given) if by_shapes else metric_facts(given)


def metric_facts(given: Any) -> MetricFacts | None:
    """Returns the facts of a metric: a name, a function or an instance; None of the user's own."""
    if isinstance(given, str):
        try:
            found = keras.metrics.get(given)
        except ValueError:
            return None  # Keras says that there is no such metric
        facts = metric_facts(found)
        return None if facts is None else replace(facts, text=f'"{given}"', from_logits=False)
    if isinstance(given, keras.metrics.Metric):
        return _of_metric(given)
    function, options = _unwrapped(given)
    contract = metrics.FUNCTIONS.get(getattr(function, "__name__", ""))
    if contract is None or getattr(keras.metrics, contract.function, None) is not function:
        return None
    by_default = inspect.signature(function).parameters.get("k")
    k = options.get("k", None if by_default is None else by_default.default)
    return MetricFacts(contract, contract.function, from_logits=bool(options.get("from_logits", False)), k=k)


def _of_metric(metric: Any) -> MetricFacts | None:
    cls = type(metric).__name__
    contract = metrics.CLASSES.get(cls)
    if contract is None or type(metric) is not getattr(keras.metrics, cls, None):
        return None
    options = metric.get_config()
    ids = contract.takes is metrics.Takes.CLASS_IDS
    return MetricFacts(
        contract,
        f"{cls}()",
        from_logits=bool(options.get("from_logits", False)),
        pred_ids=bool(options.get("sparse_y_pred", ids)),
        true_ids=options.get("sparse_y_true"),
        thresholds=_has_thresholds(contract, options),
        chosen=options.get("class_id") is not None,
        k=options.get("k"),
    )


def _has_thresholds(contract: metrics.Contract, options: Mapping[str, Any]) -> bool:
    one = options.get("threshold")
    by_default = contract.takes is metrics.Takes.DECISIONS and one == metrics.HALF
    return (
        options.get("thresholds") is not None
        or options.get("top_k") is not None
        or (one is not None and not by_default)
    )
