"""TL505: x, y and weights of different lengths, wherever Keras compares them or draws from them."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, drawn, element, evidence, headlines, told
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.data import unbatched_data
from typedlayers.rules.data.sample_count import RULE
from typedlayers.rules.engine import findings

X, Y = array((8, 3)), array((8, 1))

WRONG: dict[str, tuple[Batch, str]] = {
    "targets": (arrays(X, array((10, 1))), "8 samples as x but 10 as the targets y"),
    "weights": (arrays(X, Y, array((10,))), "8 samples as x but 10 as sample_weight"),
    "inputs": (arrays((X, array((9, 3))), Y), "8 samples as x[0] but 9 as x[1]"),
    "one of two targets": (arrays(X, {"a": Y, "b": array((7,))}), "8 samples as x but 7 as the targets y['b']"),
    "elements of a dataset": (dataset(element((8, 3)), element((4, 1))), "8 samples as x but 4 as the targets y"),
    "a batch of a generator": (drawn(element((8, 3)), element((7,))), "8 samples as x but 7 as the targets y"),
    "weights of a generator": (
        drawn(element((8, 3)), element((8,)), element((7,))),
        "8 samples as x but 7 as sample_weight",
    ),
    "one row for many labels": (drawn(element((1, 3)), element((8,))), "1 samples as x but 8 as the targets y"),
    "columns of one label": (drawn(element((8, 3)), element((1, 1))), "8 samples as x but 1 as the targets y"),
}

RIGHT: dict[str, Batch] = {
    "arrays": arrays(X, Y),
    "no targets": arrays(X),
    "a dataset of unknown sizes": dataset(element((N, 3)), element((N, 1))),
    "a dataset of one known size": dataset(element((4, 3)), element((N, 1))),
    "a dataset that drops the remainder": dataset(element((4, 3)), element((4, 1))),
    "a batch": drawn(element((8, 3)), element((8,))),
    "one number for all": dataset(element((N, 3)), element(())),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("use", [Use.FIT, Use.EVALUATE, Use.VALIDATION, Use.TRAIN_ON_BATCH])
def test_wrong(name: str, use: Use) -> None:
    batch, headline = WRONG[name]
    assert headlines(RULE, None, batch, use) == [f'Functional "net" gets {headline}']


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, None, RIGHT[name]) == []


def test_steps_of_the_users_own_take_elements_apart_as_they_like() -> None:
    assert told(RULE, None, drawn(element((8, 3)), element((7,))), compiled=False) == []
    assert told(RULE, None, arrays(X, array((7, 1))), Use.TRAIN_ON_BATCH, compiled=False) == []
    assert len(told(RULE, None, arrays(X, array((7, 1))), compiled=False)) == 1  # Keras draws from them


def test_data_that_do_not_fit_are_not_counted() -> None:
    assert told(RULE, an_input((6,)), arrays(array((6,)), array((1,)))) == []
    rows = dataset(element((5, 3)), element((1,)))
    rules = [unbatched_data.RULE, RULE]
    assert [one.code for one in findings(rules, evidence(an_input((3,)), rows))] == ["TL503"]


def test_the_place_is_the_data_as_a_whole() -> None:
    (one,) = told(RULE, None, drawn(element((8, 3)), element((7,))))
    assert one.place is None
    assert one.why.endswith("; in the generator they differ")
