"""TL605: an activation of another loss."""

from __future__ import annotations

import pytest

from tests.rules.targets.facts import a_head, a_loss, known, named, told
from typedlayers.rules.targets.unlike_head import RULE

WRONG = {
    "softmax with binary": (
        known(a_head((3,), "softmax"), a_loss("binary_crossentropy")),
        named("binary_crossentropy")
        + ' takes each column for itself but Dense "head" gives values from 0 to 1 that sum to 1',
    ),
    "sigmoid with classes": (
        known(a_head((3,), "sigmoid"), a_loss("categorical_crossentropy")),
        named("categorical_crossentropy")
        + ' compares distributions but Dense "head" gives values from 0 to 1 (sigmoid)',
    ),
}

RIGHT = {
    "softmax": known(a_head((3,), "softmax"), a_loss("categorical_crossentropy")),
}

LOOKS_WRONG = {
    "softmax of two columns with binary": known(a_head((2,), "softmax"), a_loss("binary_crossentropy")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []
