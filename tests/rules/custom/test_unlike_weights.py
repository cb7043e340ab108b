"""TL805: weights of another model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import typedlayers as tl
from typedlayers import layers as L


def net(classes: int, hidden: int = 8) -> Any:
    return tl.Sequential([L.Input((6,)), L.Dense(hidden, name="h"), L.Dense(classes, name="probs")], name="net")


WRONG: dict[str, tuple[Any, str, str]] = {
    "another head": (lambda: net(5).set_weights(net(10).get_weights()), 'they do not fit Dense "probs"', "layers[:-1]"),
    "other units": (lambda: net(5).set_weights(net(5, 9).get_weights()), 'they do not fit Dense "h"', ""),
    "too few": (lambda: net(5).set_weights(net(5).get_weights()[:2]), "has 4 weights but is given 2", ""),
    "a layer": (lambda: net(5).layers[0].set_weights(net(5, 9).layers[0].get_weights()), 'do not fit Dense "h"', ""),
}
RIGHT: dict[str, Any] = {
    "the same": lambda: net(5).set_weights(net(5).get_weights()),
    "a layer": lambda: net(5).layers[0].set_weights(net(9).layers[0].get_weights()),
    "another dtype": lambda: net(5).set_weights([one.astype("float64") for one in net(5).get_weights()]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    give, headline, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        give()
    (one,) = caught.value.diagnostics
    assert one.code == "TL805"
    assert headline in one.headline
    assert fix in "".join(text.text for text in one.fixes)
    assert one.where.file == __file__
    assert isinstance(caught.value.origin, ValueError)


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() is None


def test_the_fix_works() -> None:
    model, other = net(5), net(10)
    for new, old in zip(model.layers[:-1], other.layers[:-1], strict=True):
        new.set_weights(old.get_weights())
    np.testing.assert_array_equal(model.layers[0].get_weights()[0], other.layers[0].get_weights()[0])
