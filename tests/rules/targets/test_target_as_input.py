"""TL533: what a decoder reads, and what it is to write."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L

RNG = np.random.default_rng(0)
SOURCE, WRITTEN = RNG.integers(1, 20, (16, 6)), RNG.integers(1, 20, (16, 7))
IDS = WRITTEN[:, :6]


def translating() -> Any:
    one, two = tl.Input((6,), dtype="int32", name="source"), tl.Input((6,), dtype="int32", name="written")
    table = L.Embedding(20, 8)
    state = L.LSTM(8)(table(one))
    steps = L.LSTM(8, return_sequences=True)(table(two), initial_state=[state, state])
    return tl.Model([one, two], L.Dense(20, activation="softmax")(steps), name="net")


def repeating() -> Any:
    """An autoencoder of sequences."""
    ids = tl.Input((6,), dtype="int32")
    code = L.LSTM(8)(L.Embedding(20, 8)(ids))
    steps = L.LSTM(8, return_sequences=True)(L.RepeatVector(6)(code))
    return tl.Model(ids, L.Dense(20, activation="softmax")(steps), name="net")


def said(model: Any, x: Any, y: Any = None) -> list[str]:
    model.compile("sgd", "sparse_categorical_crossentropy")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y, verbose=0)
    found = [one for w in caught if isinstance(w.message, tl.ContractWarning) for one in w.message.diagnostics]
    return [one.headline for one in found if one.code == "TL533"]


def dataset(x: Any, y: Any) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


WRONG = {
    "not shifted": (
        lambda: said(translating(), [SOURCE, IDS], IDS),
        ['the targets of Functional "net" are x[1] itself, id for id'],
    ),
    "by name, with an axis": (
        lambda: said(translating(), {"source": SOURCE, "written": IDS}, IDS[..., None]),
        ["the targets of Functional \"net\" are x['written'] itself, id for id"],
    ),
    "a dataset": (
        lambda: said(translating(), dataset((SOURCE, IDS), IDS)),
        ['the targets of Functional "net" are x[1] of the dataset itself, id for id'],
    ),
}
RIGHT = {
    "shifted": (lambda: said(translating(), [SOURCE, WRITTEN[:, :-1]], WRITTEN[:, 1:]), []),
    "all the same": (lambda: said(translating(), [SOURCE, np.ones((16, 6))], np.ones((16, 6))), []),
    "an autoencoder": (lambda: said(repeating(), IDS, IDS), []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    program, headlines = {**WRONG, **RIGHT}[name]
    assert program() == headlines
