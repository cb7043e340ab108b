"""TL517: a validation_split that splits nothing."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, an_array, told
from tests.rules.training.facts import fitted
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.training.validation_split import RULE


def split(share: float, source: Source = Source.ARRAYS) -> Evidence:
    head, loss = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
    return fitted(head, loss, an_array((8,)), split=share, source=source, validated=True)


GETS = f"{MODEL} gets validation_split="

WRONG = {
    "a dataset": (split(0.2, Source.DATASET), GETS + "0.2 but its data are a tf.data.Dataset"),
    "a generator": (split(0.2, Source.GENERATOR), GETS + "0.2 but its data are a generator"),
    "a PyDataset": (split(0.2, Source.PYDATASET), GETS + "0.2 but its data are a PyDataset"),
    "percent": (split(20), GETS + "20, which is no share between 0 and 1"),
    "all": (split(1), GETS + "1, which is no share between 0 and 1"),
    "negative": (split(-0.2), GETS + "-0.2, which is no share between 0 and 1"),
}

RIGHT = {"a share": split(0.2), "none": split(0.0), "none of a dataset": split(0.0, Source.DATASET)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []
