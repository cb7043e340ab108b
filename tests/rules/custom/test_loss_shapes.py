"""TL733: shapes in a loss or metric that do not go together."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_function, raised, spec
from typedlayers.rules.custom.loss_shapes import RULE

WRONG = {
    "a loss": a_function(
        targets=spec(N, 2), outputs=spec(N, 3), failed=raised("Dimensions must be equal", unequal=True)
    )
}
RIGHT = {"it gave a result": a_function()}
LOOKS_WRONG = {"it raised something else": a_function(failed=raised("no such key"))}


def test_wrong() -> None:
    (found,) = RULE.find(WRONG["a loss"])
    assert found.headline == 'Loss "loss" of Sequential "net" combines shapes that do not go together'
    assert "y_true float32 (batch, 2), y_pred float32 (batch, 3)" in found.gets
    assert "net.py:7" in found.why


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
