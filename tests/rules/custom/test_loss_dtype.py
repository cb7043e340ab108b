"""TL732: an op in a loss or metric that does not take the dtypes that it gets."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_function, raised, spec
from typedlayers.rules.custom.loss_dtype import RULE

WRONG = {
    "targets of the loss's dtype for an op of integers": (
        a_function(failed=raised("...", refused=("float32", "uint8, int32, int64"))),
        'Loss "loss" of Sequential "net" gives float32 to an op that takes uint8, int32, int64',
        'keras.ops.cast(..., "int32") around the float32 tensor at net.py:7',
    ),
    "a number for a condition": (
        a_function(kind="metric", label='Metric "hits"', failed=raised("...", refused=("float32", "bool"))),
        'Metric "hits" gives float32 to an op that takes bool',
        'keras.ops.cast(..., "bool") around the float32 tensor at net.py:7',
    ),
    "two dtypes": (
        a_function(outputs=spec(N, 3), failed=raised("...", clash=("float32", "float64"), op="Sub")),
        'Loss "loss" of Sequential "net" computes with float32 and float64 in Sub',
        "keras.ops.cast(..., y_pred.dtype) around the float64 tensor at net.py:7",
    ),
}

RIGHT = {"it gave a result": a_function()}

LOOKS_WRONG = {
    "it raised something else": a_function(failed=raised("no such key")),
    "it returned nothing": a_function(gives_none=True),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == headline
    assert [one.text for one in found.fixes] == [fix]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []


def test_that_keras_casts_targets_is_said_of_losses_alone() -> None:
    failed = raised("...", refused=("float32", "int32"))
    (of_loss,), (of_metric,) = (list(RULE.find(a_function(kind=kind, failed=failed))) for kind in ("loss", "metric"))
    assert "Keras hands y_true to a loss as float32" in of_loss.why
    assert "Keras hands" not in of_metric.why
