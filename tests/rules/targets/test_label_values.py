"""TL606: values that the loss does not accept."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, known, named, told
from typedlayers.diagnostics.model import Certainty, Place, Repair
from typedlayers.facts.data import Source
from typedlayers.rules.targets.label_values import RULE

WRONG = {
    "signs": (
        known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), values=[-1, 1, 1]),
        named("binary_crossentropy") + " needs values from 0 to 1 but the targets are -1 and 1",
    ),
    "ids of a map that was resized": (
        known(
            a_head((2, 2, 3), "softmax"),
            a_loss("sparse_categorical_crossentropy"),
            values=[[[0, 0.5], [1.5, 2]], [[0, 0], [1, 2]]],
        ),
        named("sparse_categorical_crossentropy") + " needs class ids 0..2 but the targets are fractions in 0..2",
    ),
    "ids from one": (
        known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), values=[1, 2, 3]),
        named("sparse_categorical_crossentropy") + " needs class ids 0..2 but the targets are 1..3",
    ),
}

CTC = a_loss("ctc", from_logits=True)
WRONG["more labels than steps"] = (
    known(a_head((4, 9)), CTC, values=[[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 0, 0, 0]]),
    named("ctc") + ' needs 5 steps for the longest label but Dense "head" gives 4',
)
WRONG["blanks between equal labels"] = (
    known(a_head((4, 9)), CTC, values=[[1, 1, 1, 0, 0], [2, 2, 2, 0, 0]]),
    named("ctc") + ' needs 5 steps for the longest label but Dense "head" gives 4',
)
WRONG["letters from 0 on"] = (
    known(a_head((9, 6)), CTC, values=[[3, 0, 2, 1], [0, 1, 1, 2], [4, 4, 1, 0], [1, 2, 3, 4]]),
    named("ctc") + " needs 0 at the end of a row alone, but 50% of the targets have a 0 before another label",
)
WRONG["padded in front"] = (
    known(a_head((9, 6)), CTC, values=[[0, 0, 2, 1], [0, 1, 1, 2], [1, 2, 3, 4]]),
    named("ctc") + " needs 0 at the end of a row alone, but 67% of the targets have a 0 before another label",
)

RIGHT = {
    "rows of padding alone": known(a_head((9, 6)), CTC, values=[[0, 0, 0], [1, 0, 0], [1, 2, 0]]),
    "as many labels as steps, padded": known(a_head((4, 9)), CTC, values=[[1, 2, 3, 4, 0, 0], [1, 1, 0, 0, 0, 0]]),
    "a number of steps that is open": known(a_head((None, 9)), CTC, values=[[1, 2, 3, 4, 5]]),
    "zero and one": known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), values=[0, 1, 1]),
    "ids": known(a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy"), values=[0, 1, 2]),
}

LOOKS_WRONG = {
    "rows without a class": known(
        a_head((4,), "softmax"), a_loss("categorical_crossentropy"), values=[[1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1]]
    ),
    "a first class that does not occur": known(
        a_head((4,), "softmax"), a_loss("categorical_crossentropy"), values=np.eye(4)[[1, 2, 3, 1]]
    ),
    "a class that is left out on purpose, of few": known(
        a_head((2,), "softmax"), a_loss("categorical_crossentropy"), values=[[0, 1], [0, 0]]
    ),
    "rows of several labels and of none": known(
        a_head((4,), "sigmoid"), a_loss("binary_crossentropy"), values=np.eye(5, 4, -1)[:, [1, 0, 2, 3]]
    ),
    "a policy gradient": known(a_head((2,), "softmax"), a_loss("categorical_crossentropy"), values=[[0, -2.5], [3, 0]]),
    "class weights in one-hot rows": known(
        a_head((2,), "softmax"), a_loss("categorical_crossentropy"), values=[[0, 4], [9, 0]]
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []


def test_one_label_of_many_that_is_too_long_is_only_perhaps_wrong() -> None:
    (one,) = told(RULE, known(a_head((4, 9)), CTC, values=[[1, 2, 3, 4, 5], [1, 2, 0, 0, 0], [3, 0, 0, 0, 0]]))
    assert one.certainty is Certainty.PERHAPS


def test_two_values_are_repaired() -> None:
    (one,) = told(RULE, WRONG["signs"][0])
    assert one.repairs == (Repair("rescale", dtype="float32", scale=0.5, offset=0.5),)
    assert one.place == Place("y")


def test_noise_around_the_range_is_only_perhaps_wrong() -> None:
    (one,) = told(RULE, known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), values=[0, 0.5, 1.05]))
    assert one.certainty is Certainty.PERHAPS
    (one,) = told(RULE, known(a_head((1,), "sigmoid"), a_loss("binary_crossentropy"), values=[0, 0.5, 3.05]))
    assert one.certainty is Certainty.CERTAIN


def test_fractions_in_a_map_come_of_resizing() -> None:
    (one,) = told(RULE, WRONG["ids of a map that was resized"][0])
    assert [fix.text for fix in one.fixes] == [
        'resize maps of ids by method="nearest": interpolation makes numbers between the ids'
    ]
    head, loss = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
    (of_rows,) = told(RULE, known(head, loss, values=[0, 0.5, 2]))
    assert of_rows.fixes == ()


def test_rows_of_labels_that_count_from_one() -> None:
    rows = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0]])
    (one,) = told(RULE, known(a_head((4,), "softmax"), a_loss("categorical_crossentropy"), values=rows))
    assert one.headline == (
        named("categorical_crossentropy") + " needs one-hot rows but 1 of 5 rows hold nothing but 0"
    )
    assert one.certainty is Certainty.PERHAPS
    assert one.fixes[0].text == "one_hot(labels - 1, ...): Keras counts classes from 0"


FIXES_OF_ZEROS = {
    "a unit is left": ([[3, 0, 2, 1], [0, 1, 1, 2], [1, 2, 3, 4]], ["y = y + 1"]),
    "none is left": ([[3, 0, 5, 1], [0, 1, 1, 2], [1, 2, 3, 4]], ['y = y + 1 and units=7 in "head"']),
    "padded in front": (
        [[0, 0, 2, 1], [0, 1, 1, 2]],
        ['pad_sequences(labels, padding="post"): the labels first, then 0'],
    ),
    "padded too": (
        [[1, 0, 2, 0], [1, 0, 0, 0], [1, 4, 0, 0]],
        ["labels + 1 before they are padded with 0, and one unit more of the output"],
    ),
}


@pytest.mark.parametrize("name", FIXES_OF_ZEROS)
def test_labels_of_0(name: str) -> None:
    values, fixes = FIXES_OF_ZEROS[name]
    (one,) = told(RULE, known(a_head((9, 6)), CTC, values=values))
    assert [fix.text for fix in one.fixes] == fixes


def test_a_row_of_many_with_a_0_is_only_perhaps_wrong() -> None:
    (one,) = told(RULE, known(a_head((9, 6)), CTC, values=[[1, 0, 2, 1], *[[1, 2, 3, 4]] * 30]))
    assert one.certainty is Certainty.PERHAPS


def test_zeros_of_rows_that_a_weight_may_take_out() -> None:
    evidence = known(a_head((9, 6)), CTC, values=[[1, 0, 2, 1]] * 8, weight=an_array((8,)))
    assert told(RULE, evidence) == []


@pytest.mark.parametrize(("source", "count"), [(Source.ARRAYS, 1), (Source.DRAWN, 2)])
def test_ids_of_a_dataset_that_start_at_1_may_come_of_a_lookup(source: Source, count: int) -> None:
    head, loss = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
    (one,) = told(RULE, known(head, loss, values=[1, 2, 3], source=source))
    assert len(one.fixes) == count
    assert one.fixes[0].text == "y = y - 1"
    assert count == 1 or one.fixes[1].text.startswith("num_oov_indices=0 where a StringLookup")
