"""TL804: the config of a layer of the user's does not keep an argument that it was given."""

from __future__ import annotations

import pytest

from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.saving import Forgotten, SavedLayer
from typedlayers.rules.custom.forgotten_argument import RULE

SCALE = Subject.of("Scale", "scale", Location("net.py", 7))

WRONG = {
    "a default takes its place": (
        SavedLayer(SCALE, (Forgotten("factor", "3.0", "1.0"),)),
        'Scale "scale" is saved without its factor=3.0: the file loads with factor=1.0',
        "loading calls Scale(**config), and its get_config leaves out factor",
    ),
    "it has no default": (
        SavedLayer(SCALE, (Forgotten("units", "4"),)),
        'Scale "scale" is saved without its units=4: the file cannot be loaded',
        "loading calls Scale(**config), and its get_config leaves out units",
    ),
    "Keras makes the config": (
        SavedLayer(SCALE, (Forgotten("factor", "3.0", "1.0"),), written=False),
        'Scale "scale" is saved without its factor=3.0: the file loads with factor=1.0',
        "loading calls Scale(**config); the config that Keras makes itself lacks factor",
    ),
}

RIGHT = {
    "nothing is forgotten": SavedLayer(SCALE),
    "the user says that it is meant": SavedLayer(SCALE, (Forgotten("a", "1", "2"),), frozenset({"TL804"})),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    layer, headline, why = WRONG[name]
    (found,) = RULE.find(layer)
    assert found.headline == headline
    assert found.why == why
    assert not found.is_error
    assert "self." in found.fixes[0].text


def test_each_argument_is_said() -> None:
    both = SavedLayer(SCALE, (Forgotten("a", "1", "2"), Forgotten("b", "'x'", "'y'")))
    assert [one.headline.partition(":")[0] for one in RULE.find(both)] == [
        'Scale "scale" is saved without its a=1',
        "Scale \"scale\" is saved without its b='x'",
    ]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert list(RULE.find(RIGHT[name])) == []
