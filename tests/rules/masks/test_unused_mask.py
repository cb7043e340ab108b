"""TL722: padded steps are joined with real ones, and nothing uses their mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import ops

import typedlayers as tl
from tests.rules.graphs import Net, headlines, offered, told
from typedlayers import layers
from typedlayers.facts.graph import Edge, Graph, Maker, MaskHandling
from typedlayers.rules.masks.unused_mask import RULE


def padded(rest: Callable[[Net, Edge], Edge], source: str = "Embedding words") -> Graph:
    """A padded text, and what a model makes of it."""
    net = Net()
    return net.to(rest(net, net.call(source, net.input(20), 20, 8, masked=True)))


def flattened(net: Net, x: Edge) -> Edge:
    return net.call("Dense head", net.call("Flatten flat", x, 160), 1)


def pooled(net: Net, x: Edge) -> Edge:
    return net.call("GlobalMaxPooling1D pool", net.call("Dropout", x, 20, 8), 8)


WRONG = {
    "flattened": (
        padded(flattened),
        'Flatten "flat" joins padded steps with real ones, and nothing in the model uses the mask of Embedding "words"',
        'mask_zero=False in Embedding "words", if the padding is meant to count',
    ),
    "pooled": (
        padded(pooled, "Masking padding"),
        'GlobalMaxPooling1D "pool" joins padded steps with real ones, and nothing in the model uses the mask of Masking'
        ' "padding"',
        'leave Masking "padding" out, if the padding is meant to count',
    ),
}


def averaged(net: Net, x: Edge) -> Edge:
    return net.call("Dense head", net.call("GlobalAveragePooling1D pool", x, 8), 1)


def not_masked() -> Graph:
    net = Net()
    return net.to(flattened(net, net.call("Embedding words", net.input(20), 20, 8)))


def allowed(net: Net, x: Edge) -> Edge:
    return net.call("Flatten flat", x, 160, facts={"allowed": frozenset({"TL722"})})


RIGHT = {
    "an average that leaves masked steps out": padded(averaged),
    "no mask": not_masked(),
    "the user says that it is meant": padded(allowed),
}


def after_an_lstm(net: Net, x: Edge) -> Edge:
    x = net.call("LSTM rnn", x, 20, 4, masked=True)
    return net.call("Flatten flat", x, 80)


def after_the_users_own(net: Net, x: Edge) -> Edge:
    net.call("Pool mine", x, 8, maker=Maker.USER, handling=MaskHandling.DROPS)
    return net.call("Flatten flat", x, 160)


def with_a_mask_given(net: Net, x: Edge) -> Edge:
    net.call("MultiHeadAttention attend", [x, x], 20, 8, handling=MaskHandling.HAS_ITS_OWN)
    return net.call("Flatten flat", x, 160)


def of_a_loss() -> Graph:
    net = Net()
    x = net.call("Embedding words", net.input(20), 20, 8, masked=True)
    return net.to(net.call("Flatten flat", x, 160), net.call("Dense tags", x, 20, 4))


LOOKS_WRONG = {
    "a layer before it took the mask": padded(after_an_lstm),
    "a layer of the user's may use it": padded(after_the_users_own),
    "attention that was given a mask": padded(with_a_mask_given),
    "the loss of another output uses it": of_a_loss(),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    graph, headline, fix = WRONG[name]
    found = told(RULE, graph)
    assert headlines(found) == [headline]
    assert offered(found)[0].startswith("layers.GlobalAveragePooling1D() in place of")
    assert fix in offered(found)


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert told(RULE, {**RIGHT, **LOOKS_WRONG}[name]) == []


def net(join: Callable[[Any], Any], *, between: Callable[[Any, Any], Any] = lambda x, ids: x) -> Any:
    ids = tl.Input((20,), dtype="int32")
    x = layers.Embedding(40, 6, mask_zero=True, name="words")(ids)
    return tl.Model(ids, layers.Dense(1)(join(between(x, ids))))


def a_lambda(function: Callable[..., Any]) -> Callable[[Any], Any]:
    return layers.Lambda(function, output_shape=(6,), name="join")


def masked_by_hand(x: Any, ids: Any) -> Any:
    return layers.Multiply()([x, ops.expand_dims(ops.cast(ops.not_equal(ids, 0), "float32"), -1)])


def defined(x: Any) -> Any:
    return ops.max(x, axis=1)


def summed(x: Any) -> Any:
    return ops.sum(x, axis=1)


JOINED = {
    "an op": lambda: net(lambda x: ops.mean(x, axis=1)),
    "an op over a negative axis": lambda: net(lambda x: ops.sum(x, axis=-2)),
    "an op after a Dropout": lambda: net(lambda x: ops.max(layers.Dropout(0.1)(x), axis=1)),
    "a Lambda": lambda: net(a_lambda(lambda x: keras.ops.mean(x, axis=1))),
    "a function": lambda: net(a_lambda(defined)),
}
NOT_JOINED = {
    "a mask of the user's, of the ids": lambda: net(lambda x: ops.sum(x, axis=1), between=masked_by_hand),
    "a sum of what Masking made 0": lambda: tl.Sequential(
        [tl.Input((20, 3)), layers.Masking(), layers.Lambda(summed, output_shape=(3,)), layers.Dense(1)]
    ),
    "an op over the features": lambda: net(lambda x: layers.Flatten()(layers.LSTM(4)(x)) + ops.mean(x, axis=-1)[:, :1]),
    "a function that takes the mask": lambda: net(a_lambda(lambda x, mask=None: ops.max(x, axis=1))),
    "a function that takes one step": lambda: net(a_lambda(lambda x: x[:, 0])),
    "a function that computes something else too": lambda: net(
        a_lambda(lambda x: ops.sum(x * ops.cast(x > 0, x.dtype), axis=1))
    ),
}


@pytest.mark.parametrize("name", JOINED)
def test_ops_and_functions_that_join_steps(name: str) -> None:
    with pytest.warns(tl.ContractWarning, match="joins padded steps with real ones"):
        JOINED[name]()


@pytest.mark.parametrize("name", NOT_JOINED)
def test_ops_and_functions_that_may_leave_padding_out(name: str) -> None:
    assert "TL722" not in [one.code for one in tl.check(NOT_JOINED[name]()).warnings]
