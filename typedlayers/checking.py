"""`check`: the report on a model and its data, without training."""

from __future__ import annotations

import inspect
import reprlib
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.verdict.report import Report

_OTHERS: Final = {
    ("flax", "Module"): "a Flax module",
    ("sklearn", "BaseEstimator"): "a scikit-learn estimator",
    ("tensorflow", "Module"): "a TensorFlow module that is no Keras model",
    ("tf_keras", "Model"): "a model of tf_keras (Keras 2)",
    ("torch", "Module"): "a PyTorch module",
}
"""What a model of another framework is, by the package and name of its base."""


def check(model: Any, data: Any = None, *, targets: Any = None) -> Report:
    """Checks a model, its data, its targets and its loss, and runs no batch.

    Args:
        model: any Keras model; plain ones too.
        data: what ``fit`` would be given: arrays, tensors, nests of them, a ``tf.data.Dataset``, a generator.
        targets: the targets, where they are not part of ``data``.

    Returns:
        All that was found, root causes first, in model order. Nothing is raised for a broken contract.

    Raises:
        TypeError: if ``model`` is no Keras model, or ``data`` or ``targets`` can be no data.

    >>> check([1, 2, 3])
    Traceback (most recent call last):
    TypeError: check needs a Keras model, whose layers it can follow; given was the list [1, 2, 3]
    """
    refuse_unfit(model, data, targets)
    from typedlayers.models._audit import audited

    return audited(model, data, targets)


def refuse_unfit(model: Any, data: Any = None, targets: Any = None) -> None:
    """Refuses what `check` cannot work on.

    Raises:
        TypeError: if ``model`` is no Keras model, or ``data`` or ``targets`` can be no data.
    """
    if not isinstance(model, keras.Model):
        raise TypeError(f"check needs a Keras model, whose layers it can follow; given was {_described(model)}")
    for name, value in (("data", data), ("targets", targets)):
        if isinstance(value, str | bytes) or inspect.isroutine(value) or inspect.isclass(value):
            takes = "arrays, tensors, nests of them, a tf.data.Dataset or a generator"
            raise TypeError(f"check({name}=) takes {takes}; given was {_described(value)}")


def _described(value: Any) -> str:
    """What was given in place of what is needed: ``a PyTorch module, Net``."""
    if inspect.isclass(value):
        return f"the class {value.__name__}, not an object of it"
    if inspect.isroutine(value):
        return f"the function {getattr(value, '__name__', value)!s}, not what it returns"
    if value is None:
        return "None"
    if isinstance(value, keras.layers.Layer):
        return f"the layer {label_of(value)}, which is part of a model"
    bases = ((base.__module__.partition(".")[0], base.__name__) for base in type(value).__mro__)
    name, other = type(value).__name__, next((_OTHERS[base] for base in bases if base in _OTHERS), None)
    if other is not None:
        return f"{other}, {name}"
    return f"the text {reprlib.repr(value)}" if isinstance(value, str) else f"the {name} {reprlib.repr(value)}"
