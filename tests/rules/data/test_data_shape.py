"""TL502: which sizes are wrong, why, and what makes the data fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import AT_HAND, N, an_input, array, arrays, dataset, element, told
from typedlayers.rules.data.data_shape import RULE

WRONG = {
    # one sample of the input, the array, the headline
    "a column too many": ((6,), (8, 7), "needs 6 along axis 1 but gets 7"),
    "channels first": ((28, 28, 1), (8, 1, 28, 28), "needs 28 along axis 1 but gets 1"),
    "channels last": ((1, 28, 28), (8, 28, 28, 1), "needs 1 along axis 1 but gets 28"),
    "RGB for grey": ((28, 28, 1), (8, 28, 28, 3), "needs 1 along axis 3 but gets 3"),
    "RGBA, of any size": ((None, None, 3), (8, 20, 30, 4), "needs 3 along axis 3 but gets 4"),
    "grey for RGB, of any size": ((None, None, 3), (8, 20, 30, 1), "needs 3 along axis 3 but gets 1"),
    "steps and features exchanged": ((20, 8), (50, 8, 20), "needs 20 along axis 1 but gets 8"),
}

RIGHT = {
    "the declared size": ((6,), (8, 6)),
    "an unknown size": ((6,), (8, None)),
    "any size declared": ((None,), (8, 5)),
    "one sample as a batch": ((6,), (1, 6)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    sample, shape, headline = WRONG[name]
    found = told(RULE, an_input(sample), arrays(array(shape)))
    assert [one.headline for one in found] == [f'input "image" of Functional "net" {headline}']
    assert found[0].repairs == ()


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    sample, shape = RIGHT[name]
    assert told(RULE, an_input(sample), arrays(array(shape))) == []


CAUSES = [
    # one sample of the input, the array, words of the cause, the fix and what it does
    ((28, 28, 1), (8, 1, 28, 28), "channels come first", "np.moveaxis(x, 1, -1)", lambda x: np.moveaxis(x, 1, -1)),
    ((3, 28, 28), (8, 28, 28, 3), "channels come last", "np.moveaxis(x, -1, 1)", lambda x: np.moveaxis(x, -1, 1)),
    ((28, 28, 3), (8, 28, 28, 4), "alpha", "x[..., :3]", lambda x: x[..., :3]),
    ((28, 28, 3), (8, 28, 28, 1), "grey", "np.repeat(x, 3, axis=-1)", lambda x: np.repeat(x, 3, axis=-1)),
    ((20, 8), (50, 8, 20), "exchanged", "np.swapaxes(x, 1, 2)", lambda x: np.swapaxes(x, 1, 2)),
]


@pytest.mark.parametrize(("sample", "shape", "why", "fix", "apply"), CAUSES)
def test_the_cause_and_a_fix_that_makes_the_data_fit(
    sample: Any, shape: Any, why: str, fix: str, apply: Callable[[Any], Any]
) -> None:
    (one,) = told(RULE, an_input(sample), arrays(array(shape)))
    assert why in one.why
    assert any(fix in offered.text for offered in one.fixes)
    assert told(RULE, an_input(sample), arrays(array(apply(np.zeros(shape, "float32")).shape))) == []


def test_where_nothing_is_sure_no_fix_is_offered() -> None:
    (one,) = told(RULE, an_input((6,)), arrays(array((8, 7))))
    assert one.why == "axis 1 is 6 in the model and 7 in the data"
    assert one.fixes == ()


def test_inputs_are_judged_one_by_one() -> None:
    tree = {"a": an_input((6,), name="a"), "b": an_input((6,), name="b")}
    x = {"a": array((8, 6)), "b": array((8, 7))}
    (one,) = told(RULE, tree, arrays(x, values={"a": AT_HAND, "b": AT_HAND}))
    assert one.place is not None
    assert one.place.path == ("b",)
    assert one.gets == "float32 (8, 7) as x['b']"


def test_a_dataset_is_changed_in_a_map() -> None:
    (one,) = told(RULE, an_input((28, 28, 3)), dataset(element((None, 28, 28, 4)), element((None, 1))))
    assert one.fixes[0].text == "drop the alpha channel: ds.map(lambda x, y: (x[..., :3], y))"


NOT_EXCHANGED = {
    "the number of samples of a dataset is not known": dataset(element((N, 300)), element((N, 1))),
    "the targets count the first axis": arrays(array((20000, 300)), array((20000, 1))),
}


@pytest.mark.parametrize("name", NOT_EXCHANGED)
def test_the_batch_is_not_exchanged_with_the_features(name: str) -> None:
    (one,) = told(RULE, an_input((20000,)), NOT_EXCHANGED[name])
    assert "exchange" not in one.why
    assert one.fixes == ()


def test_a_table_that_lies_on_its_side_is_told() -> None:
    (one,) = told(RULE, an_input((6,)), arrays(array((6, 50)), array((50, 1))))
    assert one.why == "axes 0 and 1 are exchanged"
