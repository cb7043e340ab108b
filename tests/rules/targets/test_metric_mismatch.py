"""TL608: metrics that mean nothing."""

from __future__ import annotations

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
}

RIGHT = {
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


def test_targets_that_do_not_fit_explain_it() -> None:
    metrics = (a_metric("CategoricalAccuracy"),)
    evidence = known(a_head((3,), "softmax"), a_loss("categorical_crossentropy"), an_array((8,)), metrics=metrics)
    assert codes(evidence) == ["TL602"]
