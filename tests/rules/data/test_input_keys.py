"""TL506: dicts whose keys are not the names of the inputs."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, dataset, element, headlines, told
from typedlayers.diagnostics.edit import Data
from typedlayers.rules.data.input_keys import RULE

USER, ITEM = an_input((3,), name="user"), an_input((3,), name="item")
ROWS = array((8, 3))
IN_ORDER, BY_KEY = (USER, ITEM), {"user": USER, "item": ITEM}

WRONG = {
    # the model's inputs, x, the headline
    "another key": (
        USER,
        {"age": ROWS},
        "Functional \"net\" needs the inputs 'user' but gets the keys 'age'",
    ),
    "a missing key": (
        IN_ORDER,
        {"user": ROWS},
        "Functional \"net\" needs the inputs 'user', 'item' but gets the keys 'user'",
    ),
    "misspelt keys": (
        BY_KEY,
        {"user_id": ROWS, "item_id": ROWS},
        "Functional \"net\" needs the inputs 'user', 'item' but gets the keys 'item_id', 'user_id'",
    ),
    "one key of one": (
        {"user": USER},
        {"wrong": ROWS},
        "Functional \"net\" needs the inputs 'user' but gets the keys 'wrong'",
    ),
    "an extra key in front": (
        BY_KEY,
        {"user": ROWS, "item": ROWS, "age": ROWS},
        "the extra key 'age' shifts the inputs of Functional \"net\"",
    ),
    "an extra key between": (
        BY_KEY,
        {"user": ROWS, "item": ROWS, "nation": ROWS},
        "the extra key 'nation' shifts the inputs of Functional \"net\"",
    ),
}

RIGHT = {
    "one input": (USER, {"user": ROWS}),
    "a list of one": ((USER,), {"age": ROWS, "user": ROWS}),
    "a dict for a list": (IN_ORDER, {"user": ROWS, "item": ROWS}),
    "a dict for a dict": (BY_KEY, {"user": ROWS, "item": ROWS}),
    "no inputs declared": (None, {"anything": ROWS}),
}

LOOKS_WRONG = {
    "Keras picks one input by its name": (USER, {"user": ROWS, "age": ROWS}),
    "Keras picks them by their names": (IN_ORDER, {"age": ROWS, "user": ROWS, "item": ROWS}),
    "the extra key sorts after the others": (BY_KEY, {"user": ROWS, "item": ROWS, "zip": ROWS}),
    "a nested dict is counted": ((USER, {"k": ITEM}), (ROWS, {"other": ROWS})),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    tree, x, headline = WRONG[name]
    assert headlines(RULE, tree, arrays(x)) == [headline]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    tree, x = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, tree, arrays(x)) == []


def test_an_extra_key_tells_what_goes_where() -> None:
    x = {"age": ROWS, "item": ROWS, "user": ROWS}
    (one,) = told(RULE, BY_KEY, arrays(x))
    assert "'age' goes into 'item', 'item' goes into 'user'" in one.why
    (one,) = told(RULE, BY_KEY, dataset(x, element((8, 1))))
    assert "ds.map(lambda x, y: ({name: x[name] for name in ('item', 'user')}, y))" in one.fixes[0].text


def test_keys_that_are_nearly_right_are_to_be_renamed() -> None:
    (one,) = told(RULE, BY_KEY, arrays({"user_id": ROWS, "item_id": ROWS}))
    assert one.fixes[0].text == "rename the keys: 'user_id' to 'user', 'item_id' to 'item'"
    assert one.fixes[0].edits == (Data("x", "{'user': x['user_id'], 'item': x['item_id']}"),)


def test_a_step_of_the_users_own_may_take_any_keys() -> None:
    assert told(RULE, BY_KEY, arrays({"user_id": ROWS}), hands_over=False) == []
