"""TL609: targets unlike the outputs."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, codes, known, told
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Use
from typedlayers.rules.targets.target_structure import RULE

TWO = (a_head((3,), name="a"), a_head((3,), name="b"))

WRONG = {
    "missing": (
        known(a_head((3,)), a_loss("mean_squared_error"), use=Use.FIT),
        'Sequential "net" is compiled with a loss but gets no targets',
    ),
    "one for two": (
        known(TWO, a_loss("mean_squared_error"), an_array((8, 3))),
        'Sequential "net" has 2 outputs with a loss but gets 1 target',
    ),
    "a third part of each element": (
        known(TWO, a_loss("mean_squared_error"), an_array((8, 3)), weight=an_array((8, 3)), source=Source.DATASET),
        'Sequential "net" has 2 outputs with a loss but gets 1 target and sample weights',
    ),
}

RIGHT = {
    "given": known(a_head((3,)), a_loss("mean_squared_error"), an_array((8, 3))),
    "a generator": known(a_head((3,)), a_loss("mean_squared_error"), source=Source.GENERATOR, use=Use.FIT),
    "no loss": known(a_head((3,)), None),
}

LOOKS_WRONG = {
    "a question about inputs alone": known(a_head((3,)), a_loss("mean_squared_error"), use=None),
    "predict": known(a_head((3,)), a_loss("mean_squared_error"), use=Use.PREDICT),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


def test_a_third_part_is_said_to_be_taken_for_weights() -> None:
    (one,) = told(RULE, WRONG["a third part of each element"][0])
    assert "the third is taken for the weights of samples" in one.why
    assert one.fixes[0].text == "yield (x, (y_1, y_2)): both targets in one tuple"
    assert [str(edit) for edit in one.fixes[0].edits] == ["ds = ds.map(lambda x, y_1, y_2: (x, (y_1, y_2)))"]


def test_weights_of_arrays_are_named_as_such() -> None:
    weighted = known(TWO, a_loss("mean_squared_error"), an_array((8, 3)), weight=an_array((8,)))
    assert [one.headline for one in told(RULE, weighted)] == [WRONG["one for two"][1]]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []


def test_it_hides_every_other_rule_on_targets() -> None:
    assert codes(known(a_head((1,), "softmax"), a_loss("binary_crossentropy"), use=Use.FIT)) == ["TL609"]
