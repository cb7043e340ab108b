"""What ``compile`` was given for loss and metrics → facts, one for each output.

``Trainer._compile_metrics`` keeps the metrics as the user gave them, in ``_user_metrics`` and
``_user_weighted_metrics``; where an installed Keras lacks them, metrics are not checked.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import keras

from typedlayers.catalogue import losses, metrics
from typedlayers.catalogue.losses import LossFacts
from typedlayers.catalogue.metrics import MetricFacts
from typedlayers.spec import Shape

CROSSENTROPY: Final = ("crossentropy", "ce")
"""Names for which Keras chooses the loss by the shapes of targets and output."""

ACCURACY: Final = ("accuracy", "acc")
"""Names for which it chooses the metric so."""


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


def loss_facts(given: Any, target: Shape | None, output: Shape | None) -> LossFacts | None:
    """Returns the facts of one loss; None of the user's own, of which nothing is known.

    Args:
        given: a name, a function, or an instance.
        target: the targets' shape, which decides what ``"crossentropy"`` stands for.
        output: the output's shape.
    """
    if isinstance(given, str):
        if given.lower() in CROSSENTROPY:
            return _crossentropy(given, target, output)
        try:
            found = keras.losses.get(given)
        except ValueError:
            return None  # Keras says that there is no such loss
        facts = loss_facts(found, target, output)
        return None if facts is None else _told(facts, f'"{given}"')
    if isinstance(given, keras.losses.Loss):
        return _of_instance(given)
    function, options = _unwrapped(given)
    contract = losses.LOSSES.get(getattr(function, "__name__", ""))
    if contract is None or getattr(keras.losses, contract.name, None) is not function:
        return None
    return _facts(contract, contract.name, options)


def _told(facts: LossFacts, text: str) -> LossFacts:
    return LossFacts(facts.contract, text, facts.from_logits, facts.ignore_class, facts.smoothing, facts.axis)


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
    told = "from_logits=True" if options.get("from_logits") else ""
    return _facts(contract, f"{cls}({told})", options)


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


def _crossentropy(text: str, target: Shape | None, output: Shape | None) -> LossFacts | None:
    """As ``get_loss`` of ``keras/src/trainers/compile_utils.py`` chooses."""
    if not target or not output:
        return None
    name = "categorical_crossentropy"
    if output[-1] == 1:
        name = "binary_crossentropy"
    elif len(target) < len(output) or (target[-1] == 1 and (output[-1] or 0) > 1):
        name = "sparse_categorical_crossentropy"
    return LossFacts(losses.LOSSES[name], f'"{text}"')


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


def metric_facts(given: Any, target: Shape | None, output: Shape | None) -> MetricFacts | None:
    """Returns the facts of one metric; None of the user's own."""
    if isinstance(given, str):
        if given.lower() in ACCURACY:
            return _accuracy(given, target, output)
        try:
            found = keras.metrics.get(given)
        except ValueError:
            return None  # Keras says that there is no such metric
        facts = metric_facts(found, target, output)
        return None if facts is None else MetricFacts(facts.contract, f'"{given}"', pred_ids=facts.pred_ids)
    if isinstance(given, keras.metrics.Metric):
        return _of_metric(given)
    function, options = _unwrapped(given)
    contract = metrics.FUNCTIONS.get(getattr(function, "__name__", ""))
    if contract is None or getattr(keras.metrics, contract.function, None) is not function:
        return None
    return MetricFacts(contract, contract.function, from_logits=bool(options.get("from_logits", False)))


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
        thresholds=options.get("thresholds") is not None or options.get("top_k") is not None,
    )


def _accuracy(text: str, target: Shape | None, output: Shape | None) -> MetricFacts | None:
    """As ``get_metric`` of ``keras/src/trainers/compile_utils.py`` chooses."""
    if not target or not output:
        return None
    cls = "CategoricalAccuracy"
    if output[-1] == 1:
        cls = "BinaryAccuracy"
    elif len(target) < len(output) or (target[-1] == 1 and (output[-1] or 0) > 1):
        cls = "SparseCategoricalAccuracy"
    return MetricFacts(metrics.CLASSES[cls], f'"{text}"', named=True)


# SHIM
def training_of(model: Any, names: Sequence[str]) -> Any:
    from typedlayers.facts.training import ByShapes, OutputTraining, Training

    losses_given = for_outputs(model.loss, names)
    if losses_given is None:
        return None
    metrics_of = metrics_given(model, names)

    def loss(given: Any) -> Any:
        if isinstance(given, str) and given.lower() in CROSSENTROPY:
            return ByShapes(given)
        return None if given is None else loss_facts(given, None, None)

    def metric(given: Any) -> Any:
        if isinstance(given, str) and given.lower() in ACCURACY:
            return ByShapes(given)
        return metric_facts(given, None, None)

    return Training(
        tuple(
            OutputTraining(one is not None, loss(one), tuple(m for m in map(metric, ms) if m is not None))
            for one, ms in zip(losses_given, metrics_of, strict=True)
        )
    )
