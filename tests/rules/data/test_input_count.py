"""TL507: another number of tensors than inputs."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import an_input, array, arrays, dataset, element, headlines, told
from typedlayers.rules.data.input_count import RULE

USER, ITEM = an_input((3,), name="user"), an_input((3,), name="item")
ROWS = array((8, 3))
IN_ORDER, BY_KEY, SORTED = (USER, ITEM), {"user": USER, "item": ITEM}, {"item": ITEM, "user": USER}

WRONG = {
    # the model's inputs, x, the headline
    "two for one": (USER, (ROWS, ROWS), "has 1 input but gets 2 tensors"),
    "one for two": (IN_ORDER, ROWS, "has 2 inputs but gets 1 tensor"),
    "three for two": (IN_ORDER, (ROWS, ROWS, ROWS), "has 2 inputs but gets 3 tensors"),
    "one for a dict": (SORTED, ROWS, "has 2 inputs but gets 1 tensor"),
    "one for a nest": ((USER, {"k": ITEM}), (ROWS,), "has 2 inputs but gets 1 tensor"),
    "a list in which order": (BY_KEY, (ROWS, ROWS), "needs a dict with the keys 'user', 'item' but gets a list of 2"),
}

RIGHT = {
    "one each": (IN_ORDER, (ROWS, ROWS)),
    "a flat nest": (IN_ORDER, ((ROWS, ROWS),)),
    "a list for a dict in sorted order": (SORTED, (ROWS, ROWS)),
    "one for a dict of one": ({"user": USER}, ROWS),
    "a nest": ((USER, {"k": ITEM}), (ROWS, {"k": ROWS})),
    "one is unknown": (USER, (ROWS, None)),
    "nothing declared: a layer may take a list": (an_input(None), (ROWS, ROWS)),
}

LOOKS_WRONG = {
    "a list of samples is TL509": (USER, (array((3,)), array((3,)))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    tree, x, headline = WRONG[name]
    assert headlines(RULE, tree, arrays(x)) == [f'Functional "net" {headline}']


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    tree, x = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, tree, arrays(x)) == []


def test_targets_among_the_inputs_are_named() -> None:
    (one,) = told(RULE, USER, arrays((ROWS, array((8, 1)))))
    assert one.why == "the last tensor may be the targets, not a model input"
    assert one.fixes[0].text == "perhaps fit(x, y), with two arguments, not fit((x, y))"
    (one,) = told(RULE, USER, dataset((element((8, 3)), element((8, 1)))))
    assert one.fixes[0].text == "perhaps an element should be (x, y), not x alone"


def test_a_data_frame_is_one_tensor() -> None:
    frame = arrays(array((8, 2)), what="the data frame", columns=(("user", "int64"), ("item", "int64")))
    (one,) = told(RULE, IN_ORDER, frame)
    assert one.fixes[0].text == "a dict of its columns: {name: frame[name] for name in ('user', 'item')}"
