"""What `compile` was given, read into facts; and the tables of losses and metrics are complete."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import keras
import pytest

from typedlayers.bridge.losses import for_outputs, loss_facts, metric_facts, metrics_given, training_of
from typedlayers.catalogue.losses import LOSSES, NO_LOSSES
from typedlayers.catalogue.metrics import CLASSES, FUNCTIONS, NO_METRICS
from typedlayers.facts.training import ByShapes, Training

IDS, ROWS, COLUMN = (None,), (None, 4), (None, 1)


AVAILABLE = {name: row for name, row in LOSSES.items() if hasattr(keras.losses, row.cls)}
"""The losses that the installed Keras has."""


def public(module: Any, *, classes: bool) -> set[str]:
    names = (name for name in dir(module) if not name.startswith("_"))
    return {name for name in names if inspect.isclass(getattr(module, name)) is classes}


def test_every_loss_of_keras_has_a_contract() -> None:
    assert {row.name for row in AVAILABLE.values()} == public(keras.losses, classes=False) - NO_LOSSES
    assert {row.cls for row in AVAILABLE.values()} == public(keras.losses, classes=True) - NO_LOSSES


def test_every_metric_of_keras_has_a_contract() -> None:
    assert set(CLASSES) == public(keras.metrics, classes=True) - NO_METRICS
    assert set(FUNCTIONS) == public(keras.metrics, classes=False) - NO_METRICS


@pytest.mark.parametrize("row", AVAILABLE.values(), ids=list(AVAILABLE))
def test_a_loss_is_known_as_class_function_and_name(row: Any) -> None:
    function = getattr(keras.losses, row.name)
    for given in (function, getattr(keras.losses, row.cls)()):
        facts = loss_facts(given)
        assert facts is not None
        assert facts.contract is row
    named = loss_facts(row.name)  # a few functions have no name that `get` knows
    assert named is None or named.contract is row


class Own(keras.losses.MeanSquaredError):
    pass


def of_ones_own(y_true: Any, y_pred: Any) -> Any:
    return y_true - y_pred


@pytest.mark.parametrize("given", [Own(), of_ones_own, "no_such_loss", None, lambda a, b: a])
def test_of_the_users_own_losses_nothing_is_known(given: Any) -> None:
    assert loss_facts(given) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (keras.losses.BinaryCrossentropy(from_logits=True), {"from_logits": True, "smoothing": 0.0}),
        (keras.losses.BinaryCrossentropy(label_smoothing=0.1), {"from_logits": False, "smoothing": 0.1}),
        (keras.losses.SparseCategoricalCrossentropy(ignore_class=255), {"ignore_class": 255, "from_logits": False}),
        (keras.losses.CategoricalCrossentropy(axis=1), {"axis": 1}),
        (keras.losses.Dice(), {"axis": None}),
        (functools.partial(keras.losses.binary_crossentropy, from_logits=True), {"from_logits": True}),
        ("mse", {"text": '"mse"', "name": "mean_squared_error"}),
        ("KLD", {"name": "kl_divergence"}),
    ],
)  # fmt: skip
def test_what_a_loss_was_told(given: Any, expected: dict[str, Any]) -> None:
    facts = loss_facts(given)
    assert {name: getattr(facts, name) for name in expected} == expected


SHAPES = {
    "binary": (IDS, COLUMN),
    "binary, column": (COLUMN, COLUMN),
    "ids": (IDS, ROWS),
    "ids in a column": (COLUMN, ROWS),
    "rows": (ROWS, ROWS),
    "steps": ((None, 5), (None, 5, 4)),
}


@pytest.mark.parametrize(("target", "output"), SHAPES.values(), ids=list(SHAPES))
def test_crossentropy_and_accuracy_are_resolved_as_keras_does(target: Any, output: Any) -> None:
    y_true, y_pred = (keras.KerasTensor((2, *shape[1:])) for shape in (target, output))
    from keras.src.trainers import compile_utils

    loss, metric = (
        compile_utils.get_loss("crossentropy", y_true, y_pred),
        compile_utils.get_metric("accuracy", y_true, y_pred),
    )
    (only,) = compiled("crossentropy", ["accuracy"]).outputs
    ours, accuracy = only.loss_for(target, output), only.metrics_for(target, output)
    assert ours is not None
    assert loss.fn.__name__ == ours.name
    assert [type(metric).__name__] == [one.cls for one in accuracy]


def compiled(loss: Any, metrics: Any, names: tuple[str, ...] = ("head",)) -> Training:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in names])
    model.compile("sgd", loss, metrics=metrics)
    found = training_of(model, names)
    assert found is not None
    return found


def test_what_a_model_was_compiled_with() -> None:
    one, two = compiled(["ce", None], [["acc", Ones()], ["mae"]], NAMES).outputs
    assert (one.given, one.loss, one.metrics) == (True, ByShapes("ce"), (ByShapes("acc"),))
    assert (two.given, two.loss) == (False, None)
    assert [metric.text for metric in two.metrics] == ['"mae"']


def test_of_a_loss_of_ones_own_it_is_known_that_there_is_one() -> None:
    (only,) = compiled(of_ones_own, []).outputs
    assert (only.given, only.loss, only.metrics) == (True, None, ())


def test_shapes_that_are_not_known_decide_nothing() -> None:
    (only,) = compiled("crossentropy", ["accuracy"]).outputs
    assert only.loss_for(None, ROWS) is None
    assert only.metrics_for(IDS, None) == ()


class Ones(keras.metrics.Mean):
    pass


NAMES = ("a", "b")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("mse", ("mse", "mse")),
        (["mse", "mae"], ("mse", "mae")),
        (["mse", None], ("mse", None)),
        ({"b": "mae", "a": "mse"}, ("mse", "mae")),
        ({"b": "mae"}, (None, "mae")),
        ({"z": "mae"}, None),
        (["mse"], None),
        ([["mse"], "mae"], None),
    ],
)
def test_each_output_gets_its_loss(given: Any, expected: Any) -> None:
    assert for_outputs(given, NAMES) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["mse", "mae"], (("mse",), ("mae",))),
        ([["mse", "mape"], "mae"], (("mse", "mape"), ("mae",))),
        ({"b": ["mae", "mse"]}, ((), ("mae", "mse"))),
        (None, ((), ())),
    ],
)
def test_each_output_gets_its_metrics(given: Any, expected: Any) -> None:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in NAMES])
    model.compile("sgd", "mse", metrics=given)
    assert metrics_given(model, NAMES) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (keras.metrics.AUC(from_logits=True), {"cls": "AUC", "from_logits": True, "thresholds": False}),
        (keras.metrics.MeanIoU(3, sparse_y_pred=False), {"cls": "MeanIoU", "pred_ids": False}),
        (keras.metrics.MeanIoU(3), {"pred_ids": True, "true_ids": True}),
        (keras.metrics.Precision(thresholds=0.0), {"thresholds": True}),
        (keras.metrics.Accuracy(), {"pred_ids": True}),
        ("mae", {"cls": "MeanAbsoluteError", "text": '"mae"'}),
    ],
)
def test_what_a_metric_was_told(given: Any, expected: dict[str, Any]) -> None:
    facts = metric_facts(given)
    assert {name: getattr(facts, name) for name in expected} == expected
