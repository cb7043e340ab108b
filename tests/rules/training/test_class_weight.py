"""TL613: class weights that fit no class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.targets.facts import MODEL, N, a_head, a_loss, an_array, told
from tests.rules.training.facts import fitted, weights
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.fitting import ClassWeight
from typedlayers.rules.training.class_weight import RULE

THREE, SPARSE = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
STEPS = a_head((5, 3), "softmax")
YES, BINARY = a_head((1,), "sigmoid"), a_loss("binary_crossentropy")
NUMBER, MSE = a_head((1,)), a_loss("mean_squared_error")
IDS = an_array((8,), "int64")
OF = f"class_weight of {MODEL} "
BOTH = {0: 1.0, 1: 9.0}


def ids(given: dict[Any, Any], **more: Any) -> Evidence:
    return fitted(THREE, SPARSE, IDS, class_weight=weights(given), **more)


WRONG = {
    "a list": (
        fitted(THREE, SPARSE, IDS, class_weight=ClassWeight("list", looks_up=False)),
        OF + "needs a dict from class ids to weights but gets a list",
    ),
    "with a generator": (
        ids(BOTH, source=Source.GENERATOR),
        f"{MODEL} gets class_weight together with a generator, which cannot have any",
    ),
    "with sample weights": (
        ids(BOTH, weight=an_array((8,))),
        f"{MODEL} gets both class_weight and sample weights",
    ),
    "several outputs": (
        fitted((THREE, a_head((2,), name="other")), SPARSE, (IDS, IDS), class_weight=weights(BOTH), nested=True),
        f"{MODEL} gets class_weight together with targets for 2 outputs",
    ),
    "one array in a list": (
        ids(BOTH, nested=True),
        f"{MODEL} gets class_weight together with targets in a list or dict",
    ),
    "NaN": (ids({0: 1.0, 1: float("nan")}), OF + "has no finite number for class 1"),
    "names": (ids({"cat": 1.0, "dog": 2.0}), OF + "has the key 'cat', which is no class id"),
    "one-hot steps": (
        fitted(STEPS, a_loss("categorical_crossentropy"), an_array((8, 5, 3)), class_weight=weights(BOTH)),
        OF + "needs one class for each sample but the targets are (batch, 5, 3)",
    ),
    "ids of steps": (
        fitted(STEPS, SPARSE, an_array((8, 5)), class_weight=weights(BOTH)),
        OF + "needs one class for each sample but the targets are (batch, 5)",
    ),
    "ids of steps in a dataset": (
        fitted(STEPS, SPARSE, an_array((N, 5)), class_weight=weights(BOTH), source=Source.DATASET),
        OF + "needs one class for each sample but the targets are (batch, 5)",
    ),
    "no class at all": (ids({3: 1.0, 4: 2.0}), OF + 'weights class 3 but Dense "head" has 3 classes, 0..2'),
    "no target": (
        fitted(NUMBER, MSE, values=[1.0, 2.0, 5.0], class_weight=weights({10: 1.0, 20: 2.0})),
        OF + "weights the classes 10, 20 but the targets are 1..5",
    ),
}

PERHAPS = {
    "negative": (ids({0: -1.0}), OF + "has the negative weight -1 for class 0"),
    "ids from one": (
        ids({1: 1.0, 2: 1.0, 3: 2.0}),
        OF + 'weights class 3 but Dense "head" has 3 classes, 0..2',
    ),
    "a dataset and no weight for the last": (
        ids(BOTH, source=Source.DATASET),
        OF + 'ends at class 1 but Dense "head" has 3 classes, 0..2',
    ),
    "several labels": (
        fitted(a_head((3,), "sigmoid"), BINARY, values=[[1, 1, 0], [0, 1, 0]], class_weight=weights(BOTH)),
        OF + "needs one class for each sample but the targets have several labels in a row",
    ),
    "several numbers": (
        fitted(a_head((2,)), MSE, values=[[1.5, 1], [0, 2.5]], class_weight=weights(BOTH)),
        OF + "needs one class for each sample but the targets have several numbers in a row",
    ),
}

RIGHT = {
    "ids": ids({0: 1.0, 1: 2.0, 2: 3.0}),
    "one-hot": fitted(THREE, a_loss("categorical_crossentropy"), values=np.eye(3), class_weight=weights(BOTH)),
    "yes or no": fitted(YES, BINARY, values=[0, 1, 1], class_weight=weights(BOTH)),
    "none": fitted(THREE, SPARSE, IDS),
}

LOOKS_WRONG = {
    "a missing class": ids({2: 5.0}),
    "a dataset and every class": ids({0: 1, 1: 1, 2: 5}, source=Source.DATASET),
    "a dataset and only the last class": ids({2: 5}, source=Source.DATASET),
    "NumPy's numbers": ids({np.int64(0): np.float64(1), np.int64(1): 2}),
    "a class without weight": ids({0: 0.0, 1: 1.0}),
    "a Series of pandas": fitted(THREE, SPARSE, IDS, class_weight=ClassWeight("Series")),
    "signs": fitted(
        a_head((1,), "tanh"), a_loss("hinge"), values=[-1, 1, 1], class_weight=weights({-1: 1.0, 1: 2.0})
    ),
    "grades": fitted(NUMBER, MSE, values=[1.0, 2.0, 5.0], class_weight=weights({1: 1.0, 5: 2.0})),
    "probabilities": fitted(YES, BINARY, values=[0.2, 0.9], class_weight=weights(BOTH)),
    "one-hot rows and mse": fitted(
        THREE, MSE, values=np.eye(3), class_weight=weights(BOTH)
    ),
    "one-hot steps in a dataset": fitted(
        STEPS,
        a_loss("categorical_crossentropy"),
        an_array((N, 5, 3)),
        class_weight=weights({0: 1, 1: 1, 2: 1}),
        source=Source.DATASET,
    ),
    "ids in a column": fitted(THREE, SPARSE, an_array((8, 1)), class_weight=weights(BOTH)),
    "one step": fitted(a_head((1, 3), "softmax"), SPARSE, an_array((8, 1)), class_weight=weights(BOTH)),
    "one-hot rows for a loss of ids, which another rule tells": fitted(
        THREE, SPARSE, an_array((8, 3)), class_weight=weights(BOTH)
    ),
    "a batch of two outputs": fitted(
        (THREE, a_head((2,), name="other")), SPARSE, (IDS, IDS), class_weight=weights(BOTH), batch=True
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [(one.headline, one.is_error) for one in told(RULE, evidence)] == [(headline, True)]


@pytest.mark.parametrize("name", PERHAPS)
def test_perhaps(name: str) -> None:
    evidence, headline = PERHAPS[name]
    assert [(one.headline, one.certainty) for one in told(RULE, evidence)] == [(headline, Certainty.PERHAPS)]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_looks_wrong(name: str) -> None:
    assert told(RULE, LOOKS_WRONG[name]) == []
