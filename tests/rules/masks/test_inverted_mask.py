"""TL710: masks of ids, and which steps they keep."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

K = keras.ops
IDS = np.arange(24, dtype="int32").reshape(4, 6) % 20


def said(make: Any, x: Any = IDS) -> list[str]:
    """What is said as a model is made and trained."""
    with warned("TL710") as found:
        model = make()
        model.compile("sgd", "mse")
        model.fit(x, np.ones((4, 1), "float32"), verbose=0)
    return [one.headline.partition(":")[0] for one in found]


def attending(mask: Any, name: str = "attention_mask", cls: Any = L.MultiHeadAttention) -> Any:
    ids = tl.Input((6,), dtype="int32")
    x = L.Embedding(20, 8)(ids)
    x = cls(2, 4, name="attention")(x, x, **{name: mask(ids)})
    return tl.Model(ids, L.Dense(1)(L.GlobalAveragePooling1D()(x)))


def reading(mask: Any) -> Any:
    ids = tl.Input((6,), dtype="int32")
    return tl.Model(ids, L.Dense(1)(L.LSTM(4, name="reader")(L.Embedding(20, 8)(ids), mask=mask(ids))))


def listed(mask: Any) -> Any:
    ids = tl.Input((6,), dtype="int32")
    x = L.Embedding(20, 8)(ids)
    x = L.Attention(name="attention")([x, x], mask=[None, mask(ids)])
    return tl.Model(ids, L.Dense(1)(L.GlobalAveragePooling1D()(x)))


class Net(tl.Model):
    """Computes its mask in its own call."""

    def __init__(self, mask: Any) -> None:
        super().__init__(name="net")
        self.mask = mask
        self.table, self.attention = L.Embedding(20, 8), L.MultiHeadAttention(2, 4, name="attention")
        self.pool, self.dense = L.GlobalAveragePooling1D(), L.Dense(1)

    def call(self, ids: Any) -> Any:
        x = self.table(ids)
        x = self.attention(x, x, attention_mask=self.mask(ids))
        return self.dense(self.pool(x))


def marked() -> Any:
    """A mask of its own, 1 at the padding, is turned by the comparison."""
    ids, padding = tl.Input((6,), dtype="int32"), tl.Input((6,), dtype="int32")
    x = L.Embedding(20, 8)(ids)
    x = L.MultiHeadAttention(2, 4)(x, x, attention_mask=K.expand_dims(K.equal(padding, 0), 1))
    return tl.Model([ids, padding], L.Dense(1)(L.GlobalAveragePooling1D()(x)))


def segmented() -> Any:
    """Attends to the first of two segments, on purpose."""
    ids, segments = tl.Input((6,), dtype="int32"), tl.Input((6,), dtype="int32")
    x = L.Embedding(20, 8)(ids) + L.Embedding(2, 8)(segments)
    x = L.MultiHeadAttention(2, 4)(x, x, attention_mask=K.expand_dims(K.equal(segments, 0), 1))
    return tl.Model([ids, segments], L.Dense(1)(L.GlobalAveragePooling1D()(x)))


def causal(ids: Any) -> Any:
    return K.logical_and(K.expand_dims(K.equal(ids, 0), 1), K.cast(np.tril(np.ones((1, 6, 6))), "bool"))


TOLD = 'attention_mask of MultiHeadAttention "attention" is true where the ids are 0'
WRONG = {
    "compared": (lambda: said(lambda: attending(lambda ids: K.expand_dims(K.equal(ids, 0), 1))), [TOLD]),
    "of a part": (lambda: said(lambda: attending(lambda ids: K.equal(ids[:, None, :], 0))), [TOLD]),
    "of another arrangement": (
        lambda: said(lambda: attending(lambda ids: K.equal(K.reshape(ids, (-1, 1, 6)), 0))),
        [TOLD],
    ),
    "turned twice": (
        lambda: said(lambda: attending(lambda ids: K.expand_dims(K.logical_not(K.not_equal(ids, 0)), 1))),
        [TOLD],
    ),
    "in numbers": (
        lambda: said(lambda: attending(lambda ids: K.expand_dims(1 - K.cast(K.not_equal(ids, 0), "int32"), 1))),
        [TOLD],
    ),
    "with a causal one": (lambda: said(lambda: attending(causal)), [TOLD]),
    "a mask of keys": (
        lambda: said(lambda: attending(lambda ids: K.equal(ids, 0), "key_mask")),
        ['key_mask of MultiHeadAttention "attention" is true where the ids are 0'],
    ),
    "recurrent": (
        lambda: said(lambda: reading(lambda ids: K.equal(ids, 0))),
        ['mask of LSTM "reader" is true where the ids are 0'],
    ),
    "in a list": (
        lambda: said(lambda: listed(lambda ids: K.equal(ids, 0))),
        ['mask of Attention "attention" is true where the ids are 0'],
    ),
    "in a call of the user's": (lambda: said(lambda: Net(lambda ids: tf.equal(ids, 0)[:, tf.newaxis, :])), [TOLD]),
    "there, in Keras's ops": (lambda: said(lambda: Net(lambda ids: K.expand_dims(K.equal(ids, 0), 1))), [TOLD]),
}
RIGHT = {
    "the words": lambda: said(lambda: attending(lambda ids: K.expand_dims(K.not_equal(ids, 0), 1))),
    "segments": lambda: said(segmented, [IDS, IDS % 2]),
    "turned": lambda: said(lambda: attending(lambda ids: K.expand_dims(K.logical_not(K.equal(ids, 0)), 1))),
    "greater than 0": lambda: said(lambda: attending(lambda ids: K.expand_dims(ids > 0, 1))),
    "another id": lambda: said(lambda: attending(lambda ids: K.expand_dims(K.equal(ids, 3), 1))),
    "a mask of the padding, turned": lambda: said(marked, [IDS, (IDS == 0).astype("int32")]),
    "the words, in a call of the user's": lambda: said(lambda: Net(lambda ids: tf.not_equal(ids, 0)[:, tf.newaxis, :])),
    "recurrent": lambda: said(lambda: reading(lambda ids: K.not_equal(ids, 0))),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, headlines = WRONG[name]
    assert program() == headlines


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert RIGHT[name]() == []
