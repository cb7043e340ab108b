"""TL109: the names of what an attention layer is called on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf

import typedlayers as tl
from tests.warned import warned
from typedlayers import layers as L

Q, K, V = (tf.random.normal((2, 6, 8), seed=seed) for seed in range(3))


def said(call: Callable[[], Any]) -> list[str]:
    with warned("TL109") as found:
        call()
    return [f"{one.headline} | {one.fixes[0].text}" for one in found]


def heads() -> Any:
    return L.MultiHeadAttention(2, 4, name="heads")


def symbolic() -> None:
    query, key, value = (tl.Input((6, 8)) for _ in range(3))
    tl.Model([query, key, value], heads()(query, key, value))


class Block(tl.Layer):
    """Projects its input by layers with names."""

    def __init__(self) -> None:
        super().__init__()
        self.wq, self.key_dense, self.value_dense = (L.Dense(8) for _ in range(3))
        self.heads = heads()

    def call(self, x: Any) -> Any:
        return self.heads(self.wq(x), self.key_dense(x), self.value_dense(x))


def on_lines() -> None:
    q, k, v = Q, K, V
    heads()(
        q,
        k,
        v,
    )


def listed() -> None:
    q, k, v = Q, K, V
    L.Attention(name="plain")([q, k, v])


def one_line() -> None:
    q, k, v = Q, K, V
    heads()(q, v, k), heads()(q, k, v)


HEADS = 'MultiHeadAttention "heads" takes `{}` for the value and `{}` for the key | {}'
WRONG = {
    "symbolic": (symbolic, HEADS.format("key", "value", "(query, value, key)")),
    "on several lines": (on_lines, HEADS.format("k", "v", "(q, v, k)")),
    "in a list": (listed, 'Attention "plain" takes `k` for the value and `v` for the key | [q, v, k]'),
    "projected": (
        lambda: Block()(Q),
        HEADS.format(
            "self.key_dense(x)", "self.value_dense(x)", "(self.wq(x), self.value_dense(x), self.key_dense(x))"
        ),
    ),
    "the second in a line": (one_line, HEADS.format("k", "v", "(q, v, k)")),
}


def right_order() -> None:
    q, k, v = Q, K, V
    heads()(q, v, k)


def by_name() -> None:
    q, k, v = Q, K, V
    heads()(q, key=k, value=v)


def of_itself() -> None:
    q = k = v = Q
    heads()(q, k, v)


def other_names() -> None:
    heads()(Q, tf.identity(V), tf.identity(K))


def spread() -> None:
    parts = [Q, K, V]
    heads()(*parts)


RIGHT = {
    "in Keras's order": right_order,
    "by name": by_name,
    "of itself": of_itself,
    "other names": other_names,
    "spread": spread,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, told = WRONG[name]
    assert said(call) == [told]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert said(RIGHT[name]) == []
