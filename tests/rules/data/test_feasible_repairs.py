"""Which repairs of data can be done."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import array, arrays, dataset, element
from typedlayers.diagnostics.model import Place, Repair
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.data.repairs import feasible

CAST, SQUEEZE = Repair("cast", dtype="float32"), Repair("squeeze", axis=1)
X, Y, WEIGHT = Place("x"), Place("y"), Place("sample_weight")
ARRAYS, DATASET = arrays(array((8, 3))), dataset(element((None, 3)))
LISTS = arrays(array((8, 3)), lists=frozenset({"x"}))

ROWS: dict[str, tuple[Repair, Place, Batch, Use, bool]] = {
    "arrays": (SQUEEZE, X, ARRAYS, Use.FIT, True),
    "arrays of a call": (SQUEEZE, X, ARRAYS, Use.CALL, True),
    "a dataset": (SQUEEZE, X, DATASET, Use.FIT, False),
    "validation data": (SQUEEZE, X, ARRAYS, Use.VALIDATION, False),
    "targets": (SQUEEZE, Y, ARRAYS, Use.FIT, False),
    "Keras casts a dataset": (CAST, X, DATASET, Use.FIT, True),
    "Keras casts validation data": (CAST, X, ARRAYS, Use.VALIDATION, True),
    "Keras casts targets": (CAST, Y, ARRAYS, Use.FIT, True),
    "a list": (CAST, X, LISTS, Use.FIT, True),
    "a list of validation data": (CAST, X, LISTS, Use.VALIDATION, False),
    "weights": (CAST, WEIGHT, ARRAYS, Use.FIT, False),
}


@pytest.mark.parametrize("name", ROWS)
def test_feasible(name: str) -> None:
    repair, place, batch, use, done = ROWS[name]
    assert feasible(repair, place, batch, use) == ((repair,) if done else ())


def test_nothing_to_repair() -> None:
    assert feasible(None, X, ARRAYS, Use.FIT) == ()
