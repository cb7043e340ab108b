"""TL715: a layer holds a bare ``tf.Variable``, which Keras neither trains nor saves."""

from __future__ import annotations

import pytest

from tests.rules.custom.bare import layer, told
from typedlayers.facts.evidence import Use
from typedlayers.facts.graph import BareVariable
from typedlayers.rules.custom.untracked_variable import RULE

WEIGHT = BareVariable("scale", (4,), "float32")
TABLE = BareVariable("table", (3, None), "float32")
KNOB = BareVariable("rate", (), "float32")

WRONG = {
    "a vector": (
        [layer(WEIGHT)],
        ['Scale "mine" holds a tf.Variable in self.scale, which fit never trains and save does not keep'],
        "self.add_weight(shape=(4,), initializer=...), or keras.Variable(...), in place of tf.Variable(...)",
    ),
    "two of them, and a number": (
        [layer(WEIGHT, KNOB, TABLE)],
        [
            'Scale "mine" holds a tf.Variable in self.scale, which fit never trains and save does not keep',
            'Scale "mine" holds a tf.Variable in self.table, which fit never trains and save does not keep',
        ],
        "self.add_weight(shape=(3, None), initializer=...), or keras.Variable(...), in place of tf.Variable(...)",
    ),
}

RIGHT = {
    "none": [layer()],
    "no layers": [],
    "the user says that it is meant": [layer(WEIGHT, allowed="TL715")],
}

LOOKS_WRONG = {"one number: perhaps a knob": [layer(KNOB)]}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    layers, headlines, fix = WRONG[name]
    found = told(RULE, *layers)
    assert [one.headline for one in found] == headlines
    assert all(one.is_error for one in found)
    assert fix in [each.text for one in found for each in one.fixes]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, *{**RIGHT, **LOOKS_WRONG}[name]) == []


@pytest.mark.parametrize("use", [None, Use.PREDICT, Use.EVALUATE, Use.CALL])
def test_a_variable_is_of_no_harm_until_it_is_to_be_trained(use: Use | None) -> None:
    assert told(RULE, layer(WEIGHT), use=use) == []
