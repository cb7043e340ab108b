"""TL504: elements with two batch axes."""

from __future__ import annotations

import pytest

from tests.rules.data.facts import N, an_input, array, arrays, dataset, drawn, element, headlines, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.data import Pipeline
from typedlayers.facts.inputs import Ranks
from typedlayers.rules.data.batched_twice import RULE

WRONG = {
    # one sample of the input, the element
    "images": ((28, 28, 1), (N, N, 28, 28, 1)),
    "images in batches of known sizes": ((28, 28, 1), (2, 4, 28, 28, 1)),
    "rows": ((6,), (N, N, 6)),
}

RIGHT = {
    "once": ((6,), (N, 6)),
    "another sample": ((6,), (N, N, 7)),
    "an axis of 1, to be removed": ((6,), (N, 1, 6)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    sample, shape = WRONG[name]
    axes = f"{len(shape)} axes where {len(shape) - 1} are needed"
    headline = f'the dataset for Functional "net" is batched twice: {axes}'
    assert headlines(RULE, an_input(sample), dataset(element(shape))) == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    sample, shape = RIGHT[name]
    assert told(RULE, an_input(sample), dataset(element(shape))) == []


def test_an_array_is_not_batched() -> None:
    assert told(RULE, an_input((6,)), arrays(array((3, 8, 6)))) == []


def test_a_dataset_is_said_to_be_batched_twice_once() -> None:
    tree = {"a": an_input((6,), name="a"), "b": an_input((6,), name="b")}
    twice = {"a": element((N, N, 6)), "b": element((N, N, 6))}
    (one,) = told(RULE, tree, dataset(twice))
    assert one.fixes[0].edits[0].code == "ds.unbatch()"  # pyright: ignore
    (one,) = told(RULE, tree, drawn(twice))
    assert one.fixes[0].edits == ()


UNDECLARED = {
    # how many axes the first layer takes, an element, whether it is batched twice
    "two batch axes": (Ranks(4, 4), (N, N, 8, 8, 3), True),
    "lists of one batch: Keras's layer says that": (Ranks(4, 4), (None, 1, 8, 8, 3), False),
    "a layer that takes any number of axes": (Ranks(2, None), (None, None, 8), False),
    "a batch": (Ranks(4, 4), (None, 8, 8, 3), False),
}


def test_a_layer_that_takes_any_number_of_axes_gets_what_was_batched_twice_in_a_row() -> None:
    of_any_rank, batched = an_input(None, ranks=Ranks(2, None)), Pipeline(batched=2)
    (one,) = told(RULE, of_any_rank, dataset(element((N, N, 8)), pipeline=batched))
    assert one.certainty is Certainty.PERHAPS
    assert told(RULE, of_any_rank, dataset(element((N, N, 8)), pipeline=Pipeline(batched=1))) == []
    assert told(RULE, of_any_rank, dataset(element((N, 5, 8)), pipeline=batched)) == []


@pytest.mark.parametrize(("ranks", "shape", "twice"), UNDECLARED.values(), ids=list(UNDECLARED))
def test_the_layer_alone_says_how_many_axes_it_takes(ranks: Ranks, shape: tuple[int | None, ...], twice: bool) -> None:
    found = headlines(RULE, an_input(None, ranks=ranks), dataset(element(shape)))
    assert found == ['the dataset for Functional "net" is batched twice: 5 axes where 4 are needed'] * twice
