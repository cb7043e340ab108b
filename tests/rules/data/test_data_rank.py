"""TL501: which numbers of axes are wrong, why, and what makes the data fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, element, repairs, told
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.rules.data.data_rank import RULE

WRONG = {
    # one sample of the input, the array, the headline, what lenient mode does
    "an axis of 1 too many": ((6,), (8, 1, 6), "needs 2 dimensions but gets 3", "squeeze(axis=1)"),
    "maps for rows": ((6,), (8, 2, 3), "needs 2 dimensions but gets 3", "flatten"),
    "maps of another size for rows": ((6,), (8, 2, 4), "needs 2 dimensions but gets 3", None),
    "a step missing": ((1, 8), (50, 8), "needs 3 dimensions but gets 2", "expand_dims(axis=1)"),
    "rows for images": ((28, 28, 1), (8, 784), "needs 4 dimensions but gets 2", None),
    "a batch of batches of 1": ((28, 28, 1), (1, 8, 28, 28, 1), "needs 4 dimensions but gets 5", None),
    "frames of 1": ((28, 28, 1), (8, 1, 28, 28, 1), "needs 4 dimensions but gets 5", "squeeze(axis=1)"),
    "two axes too many": ((28, 28, 1), (8, 1, 1, 28, 28, 1), "needs 4 dimensions but gets 6", None),
    "videos": ((28, 28, 1), (4, 8, 28, 28, 1), "needs 4 dimensions but gets 5", None),
    "no channel axis in front": ((1, 28, 28), (8, 28, 28), "needs 4 dimensions but gets 3", "expand_dims(axis=1)"),
    "grey for RGB": ((28, 28, 3), (8, 28, 28), "needs 4 dimensions but gets 3", None),
    "rows for images of any size": ((None, None, 1), (60000, 784), "needs 4 dimensions but gets 2", None),
}

RIGHT = {
    "rows": ((6,), (8, 6)),
    "rows of unknown width": ((6,), (8, None)),
    "an unknown rank": ((6,), None),
    "images": ((28, 28, 1), (8, 28, 28, 1)),
    "images of any size": ((None, None, 3), (8, 20, 30, 3)),
    "nothing declared": (None, (8, 3, 3, 3)),
}

LOOKS_WRONG = {
    "Keras removes the last axis": ((6,), (8, 6, 1)),
    "Keras adds the last axis": ((1,), (8,)),
    "Keras removes the last axis of a number": ((), (8, 1)),
    "Keras adds the channel axis": ((28, 28, 1), (8, 28, 28)),
    "Keras adds it to images of any size": ((None, None, 1), (8, 20, 30)),
    "samples of one step each": ((None, 1), (8, 5)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    sample, shape, headline, repair = WRONG[name]
    found = told(RULE, an_input(sample), arrays(array(shape)))
    assert [one.headline for one in found] == [f'input "image" of Functional "net" {headline}']
    assert repairs(found) == ([] if repair is None else [repair])
    assert [one.place and (one.place.part, one.place.path) for one in found] == [("x", ())]


@pytest.mark.parametrize("name", [*RIGHT, *LOOKS_WRONG])
def test_right(name: str) -> None:
    sample, shape = {**RIGHT, **LOOKS_WRONG}[name]
    assert told(RULE, an_input(sample), arrays(array(shape))) == []


@pytest.mark.parametrize("name", [name for name, row in WRONG.items() if row[3] is not None])
def test_a_repair_makes_the_data_fit(name: str) -> None:
    sample, shape, *_ = WRONG[name]
    (one,) = told(RULE, an_input(sample), arrays(array(shape)))
    assert one.lenient is not None
    assert told(RULE, an_input(sample), arrays(after(one.lenient, array(shape)))) == []


CAUSES = [
    # one sample of the input, the array, words of the cause, the fix and what it does
    (
        (28, 28, 3),
        (8, 28, 28),
        "grey",
        "np.repeat(x[..., np.newaxis], 3, axis=-1)",
        lambda x: np.repeat(x[..., np.newaxis], 3, axis=-1),
    ),
    ((784,), (8, 28, 28), "784 values", "x.reshape(len(x), -1)", lambda x: x.reshape(len(x), -1)),
    ((28, 28, 1), (8, 784), "784 values", "x.reshape((-1, 28, 28, 1))", lambda x: x.reshape((-1, 28, 28, 1))),
    ((6,), (8, 1, 6), "axis 1 of size 1", "np.squeeze(x, axis=1)", lambda x: np.squeeze(x, axis=1)),
    ((1, 8), (50, 8), "in place 1 is missing", "np.expand_dims(x, axis=1)", lambda x: np.expand_dims(x, axis=1)),
]


@pytest.mark.parametrize(("sample", "shape", "why", "fix", "apply"), CAUSES)
def test_the_cause_and_a_fix_that_makes_the_data_fit(
    sample: Any, shape: Any, why: str, fix: str, apply: Callable[[Any], Any]
) -> None:
    (one,) = told(RULE, an_input(sample), arrays(array(shape)))
    assert why in one.why
    assert any(fix in offered.text for offered in one.fixes)
    assert told(RULE, an_input(sample), arrays(array(apply(np.zeros(shape, "float32")).shape))) == []


def test_a_dataset_is_changed_in_a_map_and_not_repaired() -> None:
    (one,) = told(RULE, an_input((6,)), dataset(element((N, 2, 3)), element((N, 1)), element((N,))))
    assert one.fixes[0].text == "flatten the samples: ds.map(lambda x, y, w: (tf.reshape(x, (-1, 6)), y, w))"
    assert (one.repairs, one.fixes[0].repair) == ((), None)


def test_two_batch_axes_of_another_sample_are_not_a_second_batch() -> None:
    assert len(told(RULE, an_input((6,)), dataset(element((N, N, 7))))) == 1
    assert told(RULE, an_input((6,)), dataset(element((N, N, 6)))) == []  # TL504


def test_targets_tell_rows_from_a_sample() -> None:
    (one,) = told(RULE, an_input((None, 8)), arrays(array((650, 8)), array((650,))))
    assert "a row is not a sequence" in one.why
