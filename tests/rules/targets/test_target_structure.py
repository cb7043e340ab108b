"""TL609: targets unlike the outputs."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, an_array, codes, known, told
from typedlayers.facts.data import Source
from typedlayers.facts.evidence import Use
from typedlayers.rules.targets.target_structure import RULE

WRONG = {
    "missing": (
        known(a_head((3,)), a_loss("mean_squared_error"), use=Use.FIT),
        'Sequential "net" is compiled with a loss but gets no targets',
    ),
    "one for two": (
        known((a_head((3,), name="a"), a_head((3,), name="b")), a_loss("mean_squared_error"), an_array((8, 3))),
        'Sequential "net" has 2 outputs with a loss but gets 1 target',
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


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []


def test_it_hides_every_other_rule_on_targets() -> None:
    assert codes(known(a_head((1,), "softmax"), a_loss("binary_crossentropy"), use=Use.FIT)) == ["TL609"]
