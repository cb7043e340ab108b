"""TL508: tensors in another order than the inputs."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, headlines, told
from typedlayers.rules.data.exchanged_inputs import RULE

USER, ITEM, WIDE = an_input((3,), name="user"), an_input((3,), name="item"), an_input((5,), name="wide")
ROWS, MORE = array((8, 3)), array((8, 5))

WRONG = {
    "two": ((USER, WIDE), (MORE, ROWS)),
    "two in a nest": ((USER, WIDE), ((MORE, ROWS),)),
}

RIGHT = {
    "in order": ((USER, WIDE), (ROWS, MORE)),
    "one unknown": ((USER, an_input(None, name="b")), (ROWS, MORE)),
}

LOOKS_WRONG = {
    "one is wrong": ((USER, WIDE), (MORE, MORE)),
    "in two orders it would fit": ((USER, ITEM, WIDE), (MORE, ROWS, ROWS)),
    "by name, no order is wrong": ({"user": USER, "wide": WIDE}, {"user": MORE, "wide": ROWS}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    tree, x = WRONG[name]
    assert headlines(RULE, tree, arrays(x)) == ['the inputs of Functional "net" come in another order than declared']


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    tree, x = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, tree, arrays(x)) == []


def test_exchanged_inputs_are_put_in_order() -> None:
    (one,) = told(RULE, *WRONG["two"][:1], arrays(WRONG["two"][1]))
    assert one.fixes[0].text == "the order of the model's inputs: [x[1], x[0]]"
    assert one.why.startswith('x[1] fits input "user" of Functional "net", x[0] fits input "wide"')
    (one,) = told(RULE, WRONG["two in a nest"][0], arrays(WRONG["two in a nest"][1]))
    assert one.fixes == ()
