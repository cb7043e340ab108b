"""TL630: batch normalizations and batches of one sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

X, Y = np.random.default_rng(0).random((8, 4)).astype("float32"), np.ones((8, 1), "float32")
MAPS = np.random.default_rng(0).random((8, 6, 6, 3)).astype("float32")


def said(*stack: Any, x: Any = X, y: Any = Y, batch_size: int | None = 1, data: Any = None) -> list[str]:
    model = tl.Sequential([tl.Input(x.shape[1:]), *stack, L.Dense(1)])
    model.compile("sgd", "mse")
    with warned("TL630") as found:
        if data is None:
            model.fit(x, y, batch_size=batch_size, verbose=0)
        else:
            model.fit(data, verbose=0)
    return [one.headline.partition(":")[0] for one in found]


def batched(size: int) -> Any:
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(size, drop_remainder=True)


def frozen() -> Any:
    layer = L.BatchNormalization()
    layer.trainable = False
    return layer


TOLD = ['BatchNormalization "norm" is trained on batches of one sample']
WRONG = {
    "arrays": (lambda: said(L.BatchNormalization(name="norm")), TOLD),
    "a dataset": (lambda: said(L.BatchNormalization(name="norm"), data=batched(1)), TOLD),
}
RIGHT = {
    "larger batches": (lambda: said(L.BatchNormalization(), batch_size=4), []),
    "a dataset of larger ones": (lambda: said(L.BatchNormalization(), data=batched(2)), []),
    "maps": (lambda: said(L.BatchNormalization(), L.GlobalAveragePooling2D(), x=MAPS), []),
    "frozen": (lambda: said(frozen()), []),
    "another normalization": (lambda: said(L.LayerNormalization()), []),
    "the only sample": (lambda: said(L.BatchNormalization(), x=X[:1], y=Y[:1], batch_size=None), []),
}


@pytest.mark.parametrize("name", [*WRONG, *RIGHT])
def test_cases(name: str) -> None:
    program, headlines = {**WRONG, **RIGHT}[name]
    assert program() == headlines
