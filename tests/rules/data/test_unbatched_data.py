"""TL503: one sample for an input, and elements of a dataset that was not batched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, drawn, element, headlines, repairs, told
from typedlayers.diagnostics.repair_kinds import after
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Use
from typedlayers.facts.inputs import Ranks
from typedlayers.rules.data.unbatched_data import RULE

WRONG_ARRAYS = {
    # one sample of the input, the array, what lenient mode does
    "a row": ((6,), (6,), "expand_dims(axis=0)"),
    "a number": ((), (), "expand_dims(axis=0)"),
    "a number for a row of one": ((1,), (), "expand_dims(axis=0)"),
    "a sequence of one feature, or samples of one step": ((None,), (5,), None),
    "a sequence, or rows": ((None, 8), (50, 8), None),
    "a sequence of one step": ((1, 8), (1, 8), "expand_dims(axis=0)"),
    "an image": ((28, 28, 1), (28, 28, 1), "expand_dims(axis=0)"),
    "an image without channels": ((28, 28, 1), (28, 28), "expand_dims(axis=0)"),
    "an image with channels first": ((1, 28, 28), (1, 28, 28), "expand_dims(axis=0)"),
    "an RGB image": ((28, 28, 3), (28, 28, 3), "expand_dims(axis=0)"),
    "an RGB image of any size": ((None, None, 3), (20, 30, 3), "expand_dims(axis=0)"),
    "a grey image of any size": ((None, None, 1), (20, 30, 1), "expand_dims(axis=0)"),
}

RIGHT_ARRAYS = {
    "a batch of one": ((6,), (1, 6)),
    "samples of one step each: Keras adds the last axis": ((None, 1), (5, 1)),
    "a batch of sequences": ((None, 8), (3, 50, 8)),
}

MADE_BY_KERAS = {
    # the input that Keras made of the first data, what later data have, whether they are one sample
    "one column: Keras adds the axis": ((N, 1), (3,), False),
    "several columns": ((N, 4), (3,), True),
}

ELEMENTS = {
    # one sample of the input, the element of a dataset, whether it is one sample
    "a batch": ((6,), (N, 6), False),
    "a batch of known size": ((6,), (4, 6), False),
    "a row": ((6,), (6,), True),
    "an image": ((28, 28, 1), (28, 28, 1), True),
    "an image without channels": ((28, 28, 1), (28, 28), True),
    "images without channels": ((28, 28, 1), (N, 28, 28), False),
    "an unknown rank": ((6,), None, False),
    "images of any size without channels": ((None, None, 1), (N, N, N), False),
    "it would be a batch of images one pixel wide": ((None, None, 1), (N, N, 1), True),
    "a sequence of one feature": ((None,), (N,), True),
}

SHOWN_BY_TARGETS: dict[str, Batch] = {
    "one label for five rows": dataset(element((5, 3)), element((1,))),
    "a number for five rows": dataset(element((5, 3)), element(())),
    "a number for five rows of a generator": drawn(element((5, 3)), element(())),
}

LOOKS_WRONG: dict[str, Batch] = {
    "a batch of one": dataset(element((1, 3)), element((1,))),
    "a number for a batch of unknown size": dataset(element((N, 3)), element(())),
    "arrays": arrays(array((5, 3)), array((1,))),
    "several inputs": dataset((element((5, 3)), element((5, 3))), element(())),
}


@pytest.mark.parametrize("name", WRONG_ARRAYS)
def test_one_sample_for_an_input(name: str) -> None:
    sample, shape, repair = WRONG_ARRAYS[name]
    found = told(RULE, an_input(sample), arrays(array(shape)), Use.PREDICT)
    assert [one.headline for one in found] == ['input "image" of Functional "net" gets one sample without a batch axis']
    assert repairs(found) == ([] if repair is None else [repair])
    for one in found:
        assert one.lenient is None or told(RULE, an_input(sample), arrays(after(one.lenient, array(shape)))) == []


@pytest.mark.parametrize("name", RIGHT_ARRAYS)
def test_batches(name: str) -> None:
    sample, shape = RIGHT_ARRAYS[name]
    assert told(RULE, an_input(sample), arrays(array(shape)), Use.PREDICT) == []


@pytest.mark.parametrize("name", MADE_BY_KERAS)
def test_an_input_of_open_sizes_that_keras_made(name: str) -> None:
    made, shape, wrong = MADE_BY_KERAS[name]
    given = an_input((N,), made=made)
    assert bool(told(RULE, given, arrays(array(shape)), Use.PREDICT)) is wrong


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_for_an_input(name: str) -> None:
    sample, shape, wrong = ELEMENTS[name]
    found = told(RULE, an_input(sample), dataset(element(shape)))
    headline = 'the dataset for Functional "net" is not batched: an element is one sample'
    assert [one.headline for one in found] == [headline] * wrong
    assert all(one.repairs == () and ".batch(32)" in one.fixes[0].text for one in found)


@pytest.mark.parametrize("name", SHOWN_BY_TARGETS)
def test_targets_show_one_sample(name: str) -> None:
    batch = SHOWN_BY_TARGETS[name]
    headline = f'{batch.what} for Functional "net" is not batched: an element is one sample with its label'
    assert headlines(RULE, an_input((3,)), batch) == [headline]
    assert headlines(RULE, None, batch) == [headline]  # a subclassed model
    assert headlines(RULE, an_input((3,)), batch, compiled=False) == []


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_targets_of_a_batch(name: str) -> None:
    assert told(RULE, None, LOOKS_WRONG[name]) == []


def test_a_dataset_is_said_not_to_be_batched_once() -> None:
    tree = {"a": an_input((1,), name="a"), "b": an_input((1,), name="b")}
    assert len(told(RULE, tree, dataset({"a": element(()), "b": element(())}, element(())))) == 1


def test_one_sample_beside_targets_is_not_made_a_batch() -> None:
    (one,) = told(RULE, an_input((6,)), arrays(array((6,)), array((1,))))
    assert one.repairs == ()


FIXES = [
    ((6,), (6,), "x[np.newaxis]", lambda x: x[np.newaxis]),
    ((1,), (), "np.reshape(x, (1, 1))", lambda x: np.reshape(x, (1, 1))),
    ((), (), "np.reshape(x, (1,))", lambda x: np.reshape(x, (1,))),
    ((28, 28, 1), (28, 28), "x[np.newaxis]", lambda x: x[np.newaxis]),
]


@pytest.mark.parametrize(("sample", "shape", "fix", "apply"), FIXES)
def test_a_fix_makes_a_batch_of_one(sample: Any, shape: Any, fix: str, apply: Callable[[Any], Any]) -> None:
    (one,) = told(RULE, an_input(sample), arrays(array(shape)))
    assert fix in one.fixes[0].text
    assert told(RULE, an_input(sample), arrays(array(apply(np.zeros(shape, "float32")).shape))) == []


UNDECLARED_WRONG = {
    # how many axes the first layer takes, and the data
    "a row of a dataset": (Ranks(2, None), dataset(element((10,)), element((1,)))),
    "a row of a dataset without targets": (Ranks(2, None), dataset(element((10,)))),
    "an image of a dataset": (Ranks(4, 4), dataset(element((8, 8, 3)), element(()))),
    "an image of a dataset without targets": (Ranks(4, 4), dataset(element((8, 8, 3)))),
    "an array of one row": (Ranks(2, None), arrays(array((6,)))),
}

UNDECLARED_RIGHT = {
    "a batch": (Ranks(2, None), dataset(element((N, 10)), element((N, 1)))),
    "more axes than needed": (Ranks(2, None), dataset(element((4, 5, 10)), element((4, 1)))),
    "rows without an axis of features": (Ranks(2, None), dataset(element((N,)), element((N,)))),
    "sequences without an axis of features": (Ranks(3, 3), dataset(element((32, 10)), element((32, 1)))),
    "sequences of which nobody knows how many": (Ranks(3, 3), dataset(element((32, 10)))),
    "numbers, one for each target": (Ranks(2, None), arrays(array((6,)), array((6,)))),
    "a layer of which nothing is known": (None, dataset(element((10,)))),
    "a scalar of a dataset": (Ranks(1, None), dataset(element(()))),
}


@pytest.mark.parametrize(("ranks", "batch"), UNDECLARED_WRONG.values(), ids=list(UNDECLARED_WRONG))
def test_one_sample_where_the_layer_alone_says_what_it_takes(ranks: Ranks, batch: Batch) -> None:
    (one,) = told(RULE, an_input(None, ranks=ranks), batch)
    assert one.needs == f'a batch with {ranks}, for Dense "d"'
    assert one.repairs == ()


@pytest.mark.parametrize(("ranks", "batch"), UNDECLARED_RIGHT.values(), ids=list(UNDECLARED_RIGHT))
def test_batches_where_the_layer_alone_says_what_it_takes(ranks: Ranks | None, batch: Batch) -> None:
    assert told(RULE, an_input(None, ranks=ranks), batch) == []
