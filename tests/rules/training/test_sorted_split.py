"""TL518: classes that only the validation data have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.training.sorted_split import RULE

SPARSE, ONE_HOT = a_loss("sparse_categorical_crossentropy"), a_loss("categorical_crossentropy")
FIVE = a_head((5,), "softmax")
SORTED = np.repeat(np.arange(5), 20)
MIXED = SORTED.reshape(5, 20).T.reshape(-1)


def split(y: Any, head: Any = FIVE, loss: Any = SPARSE, share: float = 0.2) -> Evidence:
    return fitted(head, loss, values=y, split=share, validated=True)


LAST = f"class 4 is in the validation data only: validation_split=0.2 of {MODEL} takes the last samples of y"

WRONG = {
    "ids": (split(SORTED), LAST),
    "ids in a column": (split(SORTED[:, None]), LAST),
    "one-hot rows": (split(np.eye(5)[SORTED], loss=ONE_HOT), LAST),
    "yes and no": (
        split(SORTED >= 4, a_head((1,), "sigmoid"), a_loss("binary_crossentropy")),
        LAST.replace("class 4", "class 1"),
    ),
    "two classes": (
        split(np.repeat(np.arange(10), 10)),
        LAST.replace("class 4 is", "classes 8, 9 are"),
    ),
    "most of a class": (
        split(np.repeat(np.arange(4), 25), a_head((4,), "softmax")),
        f"most of class 3 is in the validation data: validation_split=0.2 of {MODEL} takes the last samples of y",
    ),
    "most of a class, sorted by something else": (
        split(np.repeat([2, 0, 3, 1], 25), a_head((4,), "softmax")),
        f"most of class 1 is in the validation data: validation_split=0.2 of {MODEL} takes the last samples of y",
    ),
}

RIGHT = {"mixed": split(MIXED), "sorted without a split": split(SORTED, share=0.0)}

LOOKS_WRONG = {
    "a rare class at the end": split(np.concatenate([MIXED % 4, [4] * 5])),
    "half of few samples by chance": split(np.concatenate([np.zeros(15), np.ones(11)]), share=0.5),
    "a time before, and one after": split(np.repeat([0, 1], [76, 24]), a_head((2,), "softmax")),
    "most of a class at the end by its times": split(np.concatenate([MIXED[:40] % 3, [3] * 4, [0, 3] * 8, [3] * 6])),
    "half of a class and more is trained on": split(np.repeat(np.arange(3), [30, 30, 60]), a_head((3,), "softmax")),
    "few samples": split(np.repeat(np.arange(3), 10), a_head((3,), "softmax")),
    "numbers in order": split(np.arange(100.0), a_head((1,)), a_loss("mean_squared_error")),
    "labels of rows in order": split(np.eye(5)[SORTED], a_head((5,), "sigmoid"), a_loss("binary_crossentropy")),
    "soft labels": split(np.eye(5)[SORTED] * 0.9 + 0.02, loss=ONE_HOT),
    "sorted, but every class comes before": split(np.sort(MIXED[:96] % 2)[::-1].copy(), share=0.2),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_looks_wrong(name: str) -> None:
    assert told(RULE, LOOKS_WRONG[name]) == []
