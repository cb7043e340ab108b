"""TL531: data frames, and the order of their columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import typedlayers as tl
from typedlayers import layers as L

ROWS = pd.DataFrame({"age": [1.0, 2, 3, 4], "height": [2.0, 3, 4, 5], "weight": [3.0, 4, 5, 6]})
Y = np.ones(4)
TURNED = ROWS[["age", "weight", "height"]]


def trained(rows: Any = ROWS) -> Any:
    model = tl.Sequential([tl.Input((3,)), L.Dense(1)], name="net")
    model.compile("sgd", "mse")
    model.fit(rows, Y, verbose=0)
    return model


def retrained() -> None:
    """The last training counts."""
    model = trained()
    model.fit(TURNED, Y, verbose=0)
    model.predict(TURNED, verbose=0)


WRONG: dict[str, Callable[[], Any]] = {
    "predicted": lambda: trained().predict(TURNED, verbose=0),
    "evaluated": lambda: trained().evaluate(TURNED, Y, verbose=0),
    "validated": lambda: trained().fit(ROWS, Y, validation_data=(TURNED, Y), verbose=0),
}
RIGHT: dict[str, Callable[[], Any]] = {
    "as trained": lambda: trained().predict(ROWS, verbose=0),
    "other names": lambda: trained().predict(ROWS.rename(columns={"age": "years"}), verbose=0),
    "an array": lambda: trained().predict(TURNED.to_numpy(), verbose=0),
    "trained on an array": lambda: trained(ROWS.to_numpy()).predict(TURNED, verbose=0),
    "trained again": retrained,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        WRONG[name]()
    (one,) = caught.value.diagnostics
    assert (one.code, one.gets) == ("TL531", "'weight' as column 1")
    assert one.fixes[0].text == "x = x[['age', 'height', 'weight']]"


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    RIGHT[name]()
