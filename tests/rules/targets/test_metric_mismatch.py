"""TL608: metrics that mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.targets.facts import a_head, a_loss, a_metric, an_array, codes, known, told
from typedlayers.rules.targets.metric_mismatch import RULE

WRONG = {
    "accuracy of ids and probabilities": (
        known(
            a_head((1,), "sigmoid"),
            a_loss("binary_crossentropy"),
            an_array((8, 1)),
            metrics=(a_metric("Accuracy", pred_ids=True),),
        ),
        'the metric Accuracy() of output "head" needs class ids but Dense "head" gives values from 0 to 1 (sigmoid)',
    ),
    "accuracy of numbers": (
        known(
            a_head((1,)), a_loss("mean_squared_error"), values=[0.5, 1.7, 2.2], metrics=(a_metric("BinaryAccuracy"),)
        ),
        'the metric BinaryAccuracy() of output "head" needs classes for targets but gets numbers 0.5..2.2',
    ),
    "a crossentropy of logits": (
        known(
            a_head((3,)),
            a_loss("categorical_crossentropy", from_logits=True),
            values=np.eye(3),
            metrics=(a_metric("CategoricalCrossentropy"),),
        ),
        'the metric CategoricalCrossentropy() of output "head" needs rows that sum to 1 but Dense "head" gives any'
        " value",
    ),
}

YES, BINARY, COLUMN = a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), an_array((8, 1))
PAIR, CATEGORIES = a_head((2,), "softmax"), a_loss("categorical_crossentropy")
SEVERAL = a_head((3,), "sigmoid")
ROWS = [[0.5, 1.7], [2.2, -1.0]]

HARMLESS = {
    "the five greatest of three": (
        known(
            a_head((3,), "softmax"), CATEGORIES, values=np.eye(3), metrics=(a_metric("TopKCategoricalAccuracy", k=5),)
        ),
        'the metric TopKCategoricalAccuracy() of output "head" takes the 5 greatest of 3 columns',
    ),
    "the greatest of one column": (
        known(YES, BINARY, COLUMN, metrics=(a_metric("CategoricalAccuracy"),)),
        'the metric CategoricalAccuracy() of output "head" needs one column per class but Dense "head" gives one'
        " column",
    ),
    "ids of one column": (
        known(YES, BINARY, COLUMN, metrics=(a_metric("SparseCategoricalAccuracy"),)),
        'the metric SparseCategoricalAccuracy() of output "head" needs one column per class but Dense "head" gives one'
        " column",
    ),
    "a score of one column": (
        known(YES, BINARY, COLUMN, metrics=(a_metric("F1Score"),)),
        'the metric F1Score() of output "head" needs one column per class but Dense "head" gives one column',
    ),
    "rows of numbers": (
        known(
            a_head((2,)),
            a_loss("mean_squared_error"),
            values=ROWS,
            metrics=(a_metric("CategoricalAccuracy", named=True),),
        ),
        'the metric CategoricalAccuracy() of output "head" needs classes for targets but gets rows of numbers -1..2.2',
    ),
    "both columns of a decision": (
        known(PAIR, CATEGORIES, values=[[0, 1], [1, 0]], metrics=(a_metric("Precision"),)),
        'the metric Precision() of output "head" counts both classes of Dense "head" together',
    ),
    "one label of several": (
        known(SEVERAL, BINARY, values=[[0, 1, 1], [1, 0, 1]], metrics=(a_metric("F1Score"),)),
        'the metric F1Score() of output "head" finds one label in each row but the targets have several',
    ),
    "signs": (
        known(a_head((1,), "tanh"), a_loss("hinge"), values=[-1, 1, 1], metrics=(a_metric("BinaryAccuracy"),)),
        'the metric BinaryAccuracy() of output "head" needs targets of 0 and 1 but gets -1 and 1',
    ),
    "the overlap of logits": (
        known(
            a_head((1,)),
            a_loss("binary_crossentropy", from_logits=True),
            COLUMN,
            metrics=(a_metric("BinaryIoU"),),
        ),
        'the metric BinaryIoU() of output "head" needs values from 0 to 1 but Dense "head" gives any value',
    ),
}

LOOKS_WRONG = {
    "one class of a decision is counted": known(
        PAIR, CATEGORIES, values=[[0, 1], [1, 0]], metrics=(a_metric("Precision", chosen=True),)
    ),
    "both columns of decisions of their own": known(
        a_head((2,), "sigmoid"), BINARY, values=[[1, 1], [1, 0]], metrics=(a_metric("Precision"),)
    ),
    "three classes": known(
        a_head((3,), "softmax"), CATEGORIES, values=[[0, 1, 0], [1, 0, 0]], metrics=(a_metric("Recall"),)
    ),
    "a score of rows of one label": known(
        SEVERAL, BINARY, values=[[0, 1, 0], [1, 0, 0]], metrics=(a_metric("F1Score"),)
    ),
    "a score with a threshold": known(
        SEVERAL, BINARY, values=[[0, 1, 1], [1, 0, 1]], metrics=(a_metric("F1Score", thresholds=True),)
    ),
    "signs that the loss does not take either": known(
        YES, BINARY, values=[-1, 1, 1], metrics=(a_metric("BinaryAccuracy"),)
    ),
    "a score of one column with a threshold": known(
        YES, BINARY, COLUMN, metrics=(a_metric("F1Score", thresholds=True),)
    ),
    "a score of one column per class": known(
        a_head((3,), "softmax"),
        a_loss("categorical_crossentropy"),
        an_array((8, 3)),
        metrics=(a_metric("F1Score"), a_metric("CategoricalAccuracy")),
    ),
    "0 and 1 with hinge": known(
        a_head((1,), "tanh"), a_loss("hinge"), values=[0, 1, 1], metrics=(a_metric("BinaryAccuracy"),)
    ),
    "soft labels with mse": known(
        a_head((2,)),
        a_loss("mean_squared_error"),
        values=[[0.2, 0.8], [0.7, 0.3]],
        metrics=(a_metric("CategoricalAccuracy", named=True),),
    ),
    "one-hot rows with mse": known(
        a_head((2,)),
        a_loss("mean_squared_error"),
        values=[[0, 1], [1, 0]],
        metrics=(a_metric("CategoricalAccuracy", named=True),),
    ),
    "the greatest action, asked for by name": known(
        a_head((2,)), a_loss("mean_squared_error"), values=ROWS, metrics=(a_metric("CategoricalAccuracy"),)
    ),
    "the overlap of logits from 0 on": known(
        a_head((1,)),
        a_loss("binary_crossentropy", from_logits=True),
        COLUMN,
        metrics=(a_metric("BinaryIoU", thresholds=True),),
    ),
    "the overlap of probabilities": known(YES, BINARY, COLUMN, metrics=(a_metric("BinaryIoU"),)),
}

RIGHT = {
    "a crossentropy of logits that knows it": known(
        a_head((3,)),
        a_loss("categorical_crossentropy", from_logits=True),
        values=np.eye(3),
        metrics=(a_metric("CategoricalCrossentropy", from_logits=True),),
    ),
    "a crossentropy of distributions": known(
        a_head((3,), "softmax"), CATEGORIES, values=np.eye(3), metrics=(a_metric("CategoricalCrossentropy"),)
    ),
    "the two greatest of three": known(
        a_head((3,), "softmax"), CATEGORIES, values=np.eye(3), metrics=(a_metric("TopKCategoricalAccuracy", k=2),)
    ),
    "binary": known(
        a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), an_array((8, 1)), metrics=(a_metric("BinaryAccuracy"),)
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(name: str) -> None:
    evidence, headline = HARMLESS[name]
    assert [(one.headline, one.is_error) for one in told(RULE, evidence)] == [(headline, False)]


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_looks_wrong(name: str) -> None:
    assert told(RULE, LOOKS_WRONG[name]) == []


def test_targets_that_do_not_fit_explain_it() -> None:
    metrics = (a_metric("CategoricalAccuracy"),)
    evidence = known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), an_array((8,)), metrics=metrics)
    assert codes(evidence) == ["TL602"]
