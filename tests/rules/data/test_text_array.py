"""TL515: arrays of text and objects, which Keras draws no batches from."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, dataset, element, headlines, told
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.data.text_array import RULE
from typedlayers.spec import Carrier, Spec

WRONG: dict[str, tuple[Batch, str]] = {
    "text": (arrays(array((8, 1), "string")), 'x for Functional "net" is an array of text'),
    "objects": (arrays(array((8, 1), "object")), 'x for Functional "net" is an array of objects'),
    "one of two": (
        arrays({"a": array((8, 1)), "b": array((8, 1), "string")}),
        "x['b'] for Functional \"net\" is an array of text",
    ),
    "a nullable frame": (
        arrays(array((8, 2)), nullable=frozenset({"x"})),
        'x for Functional "net" has nullable columns of pandas',
    ),
    "nullable targets": (
        arrays(array((8, 2)), array((8, 1)), nullable=frozenset({"y"})),
        'y for Functional "net" has nullable columns of pandas',
    ),
}

RIGHT: dict[str, Batch] = {
    "numbers": arrays(array((8, 1))),
    "a tensor of text": arrays(Spec("string", (8, 1), Carrier.TENSOR)),
    "a dataset of text": dataset(element((None, 1), "string")),
}

LOOKS_WRONG: dict[str, Batch] = {
    "of a column of objects that are all text Keras makes a tensor": arrays(array((8,), "object")),
    "a list is TL509": arrays(array((8, 1), "string"), lists=frozenset({"x"})),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("use", [Use.FIT, Use.PREDICT, Use.VALIDATION])
def test_wrong(name: str, use: Use) -> None:
    batch, headline = WRONG[name]
    assert headlines(RULE, None, batch, use) == [f"{headline}, which Keras draws no batches from"]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    assert told(RULE, None, {**RIGHT, **LOOKS_WRONG}[name]) == []


def test_only_where_keras_draws() -> None:
    batch, _ = WRONG["text"]
    assert told(RULE, None, batch, Use.CALL) == []
    assert told(RULE, None, batch, Use.TRAIN_ON_BATCH) == []


def test_text_for_numbers_is_said_once() -> None:
    batch, _ = WRONG["text"]
    assert told(RULE, an_input((1,)), batch) == []  # TL302
    assert len(told(RULE, an_input((1,), "string"), batch)) == 1


def test_targets_of_text_for_a_step_of_the_user_s_own() -> None:
    batch = arrays(array((8, 2)), array((8, 1), "string"))
    assert headlines(RULE, None, batch, compiled=False) == [
        'y for Functional "net" is an array of text, which Keras draws no batches from'
    ]
    assert told(RULE, None, batch) == []  # a loss of Keras's: the rules on targets say it
