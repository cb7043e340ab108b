"""TL731: a loss or metric that returns None."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import a_function, raised
from typedlayers.rules.custom.loss_without_result import RULE

WRONG = {"a loss": a_function(gives_none=True)}
RIGHT = {"it gave a result": a_function()}
LOOKS_WRONG = {"it raised something else": a_function(failed=raised("None values not supported."))}


def test_wrong() -> None:
    (found,) = RULE.find(WRONG["a loss"])
    assert found.headline == 'Loss "loss" of Sequential "net" returns None'
    assert "return keras.ops.mean" in found.fixes[0].text


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
