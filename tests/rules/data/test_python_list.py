"""TL509: Python lists for an input, as targets or weights, and lists of samples."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import N, an_input, array, arrays, headlines, repairs, told
from typedlayers.diagnostics.model import Place
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.rules.data.python_list import RULE

ROWS, Y = array((8, 3)), array((8, 1))
IN_X, IN_Y, IN_WEIGHT = frozenset({"x"}), frozenset({"y"}), frozenset({"sample_weight"})

WRONG_INPUTS = {
    # the list as an array, the fix, what lenient mode does
    "numbers": (array((8, 3), "float64"), 'an array: np.array(x, dtype="float32")', "cast to float32"),
    "whole numbers": (array((8, 3), "int64"), 'an array: np.array(x, dtype="float32")', "cast to float32"),
    "rows of unequal length": (array((8, N), "float64"), "rows of one length: keras.utils.pad_sequences", None),
    "another width": (array((8, 4), "float64"), "", None),
    "text": (array((8, 3), "string"), "an array: np.array(x)", None),
}

WRONG_ELSEWHERE: dict[str, tuple[Batch, Place, str | None]] = {
    # the data, the place, what lenient mode does
    "targets": (arrays(ROWS, array((2,)), lists=IN_Y), Place("y"), "cast to float32"),
    "whole targets": (arrays(ROWS, array((8,), "int64"), lists=IN_Y), Place("y"), "cast to int64"),
    "weights": (arrays(ROWS, Y, array((8,)), lists=IN_WEIGHT), Place("sample_weight"), None),
}

WRONG_SAMPLES = {
    # x, the fix
    "rows": ((array((3,)), array((3,))), "one array: np.stack(x)"),
    "batches of one": ((array((1, 3)), array((1, 3)), array((1, 3))), "one array: np.concatenate(x)"),
}

RIGHT: dict[str, Batch] = {
    "arrays": arrays(ROWS, Y),
    "two batches are TL507": arrays((ROWS, ROWS)),
    "one is unknown": arrays((array((3,)), None)),
}


@pytest.mark.parametrize("name", WRONG_INPUTS)
def test_a_list_for_an_input(name: str) -> None:
    spec, fix, repair = WRONG_INPUTS[name]
    found = told(RULE, an_input((3,)), arrays(spec, lists=IN_X))
    assert [one.headline for one in found] == [
        'input "image" of Functional "net" needs an array but gets a Python list'
    ]
    assert "".join(one.text for one in found[0].fixes).startswith(fix)
    assert repairs(found) == ([] if repair is None else [repair])


@pytest.mark.parametrize("name", WRONG_ELSEWHERE)
def test_a_list_elsewhere(name: str) -> None:
    batch, place, repair = WRONG_ELSEWHERE[name]
    found = told(RULE, an_input((3,)), batch)
    headline = f'{place.part} for Functional "net" is a Python list where an array is needed'
    assert [(one.headline, one.place) for one in found] == [(headline, place)]
    assert repairs(found) == ([] if repair is None else [repair])


def test_a_list_for_a_model_without_declared_inputs() -> None:
    batch = arrays(array((8, 3), "float64"), lists=IN_X)
    assert headlines(RULE, None, batch) == ['x for Functional "net" is a Python list where an array is needed']
    assert told(RULE, None, batch, Use.CALL) == []  # a layer may take a list


@pytest.mark.parametrize("name", WRONG_SAMPLES)
def test_a_list_of_samples(name: str) -> None:
    x, fix = WRONG_SAMPLES[name]
    (one,) = told(RULE, an_input((3,)), arrays(x))
    assert one.headline == (f'input "image" of Functional "net" needs one array but gets a list of {len(x)} samples')
    assert one.fixes[0].text == fix
    assert one.place is None


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, an_input((3,)), RIGHT[name]) == []


def test_a_list_of_lists_is_named_by_its_place() -> None:
    tree = {"user": an_input((3,), name="user"), "item": an_input((3,), name="item")}
    x = {"user": array((8, 3)), "item": array((8, 3), "int64")}
    (one,) = told(RULE, tree, arrays(x, lists=frozenset({"x['item']"})))
    assert one.place == Place("x", ("item",))
    assert "x['item']" in one.gets


def test_lists_of_validation_data_are_not_repaired() -> None:
    assert repairs(told(RULE, an_input((3,)), arrays(ROWS, lists=IN_X), Use.VALIDATION)) == []
