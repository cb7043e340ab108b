"""TL716: a bare ``tf.Variable`` of one number, which may be a knob."""

from __future__ import annotations

import pytest

from tests.rules.custom.bare import layer, told
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Use
from typedlayers.facts.graph import BareVariable
from typedlayers.rules.custom.untracked_number import RULE

KNOB = BareVariable("rate", (), "float32")
WEIGHT = BareVariable("scale", (4,), "float32")

WRONG = {
    "a number": (
        [layer(KNOB)],
        'Scale "mine" holds a tf.Variable in self.rate, which fit never trains and save does not keep',
    ),
    "a number beside a vector": (
        [layer(WEIGHT, KNOB)],
        'Scale "mine" holds a tf.Variable in self.rate, which fit never trains and save does not keep',
    ),
}

RIGHT = {
    "none": [layer()],
    "a vector of one": [layer(BareVariable("scale", (1,), "float32"))],
    "the user says that it is meant": [layer(KNOB, allowed="TL716")],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    layers, headline = WRONG[name]
    (found,) = told(RULE, *layers)
    assert found.headline == headline
    assert found.certainty is Certainty.PERHAPS
    assert "trainable=False" in found.fixes[1].text


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, *RIGHT[name]) == []


def test_it_is_told_in_training_only() -> None:
    assert told(RULE, layer(KNOB), use=Use.PREDICT) == []
