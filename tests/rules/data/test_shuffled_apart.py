"""TL522: x and y from one shuffle, each in its own order."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import N, an_input, array, dataset, element, evidence
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.data import Batch, Pipeline
from typedlayers.facts.evidence import Evidence
from typedlayers.rules.data.shuffled_apart import RULE
from typedlayers.rules.engine import findings


def given(batch: Batch) -> Evidence:
    return evidence(an_input((4,)), batch)


X, Y = element((N, 4)), element((N, 1))

WRONG = {"two maps of one shuffle": given(dataset(X, Y, pipeline=Pipeline(1, apart=True)))}

RIGHT = {"one map": given(dataset(X, Y, pipeline=Pipeline(1)))}

LOOKS_WRONG = {
    "nothing is known of it": given(dataset(X, Y)),
    "arrays": given(Batch(array((8, 4)), array((8, 1)))),
    "there are no targets": given(dataset((X, X), pipeline=Pipeline(1, apart=True))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    (one,) = findings([RULE], WRONG[name])
    assert "drawn from one shuffled dataset, each in its own order" in one.headline
    assert one.certainty is Certainty.PERHAPS


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert findings([RULE], {**RIGHT, **LOOKS_WRONG}[name]) == []
