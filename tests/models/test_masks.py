"""Masks in models: dropped before a layer that would take them, used by nobody, or handled as they should be."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from keras import ops

import typedlayers as tl
from typedlayers import layers


class Scale(tl.Layer):
    """A layer that computes each step by itself and does not say so."""

    def call(self, x: Any) -> Any:
        return 2 * x


class Handing(Scale):
    """A layer that hands the mask on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True


class Pool(tl.Layer):
    """A layer that takes the mask."""

    def call(self, x: Any, mask: Any = None) -> Any:
        return ops.mean(x, axis=1) if mask is None else ops.sum(x * ops.cast(mask, x.dtype)[..., None], axis=1)


class Block(tl.Layer):
    """A layer whose inner attention finds the mask on the tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = layers.MultiHeadAttention(1, 2)

    def call(self, x: Any) -> Any:
        return self.attention(x, x)


def found(program: Callable[[], Any]) -> list[Any]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        program()
    return [d for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics]


def embedded(name: str = "embed") -> tuple[Any, Any, Any]:
    ids = tl.Input((6,), dtype="int32", name="ids")
    embedding = layers.Embedding(10, 4, mask_zero=True, name=name)
    return ids, embedding, embedding(ids)


def model(rest: Callable[[Any, Any, Any], Any]) -> Any:
    """A functional model of what is done with ids, their embedding layer and the embedded sequence."""
    ids, embedding, x = embedded()
    return tl.Model(ids, rest(ids, embedding, x))


def mask(ids: Any) -> Any:
    return ops.not_equal(ids, 0)


def attention(*args: Any, **kwargs: Any) -> Any:
    return layers.MultiHeadAttention(1, 2)(*args, **kwargs)


def handed_on(x: Any) -> Any:
    return layers.Lambda(lambda x: 2 * x, mask=lambda x, m: m)(x)


MODELS = [
    # what, the rest of the model, code
    ("straight to the taker", lambda i, e, x: layers.LSTM(3)(x), None),
    ("layers that hand it on", lambda i, e, x: layers.LSTM(3)(layers.Dropout(0.1)(layers.Dense(3)(x))), None),
    ("a layer that says so", lambda i, e, x: layers.LSTM(3)(Handing()(x)), None),
    ("a Lambda with mask=", lambda i, e, x: layers.LSTM(3)(handed_on(x)), None),
    ("a layer that takes it", lambda i, e, x: layers.Dense(1)(Pool()(x)), None),
    ("an average", lambda i, e, x: layers.GlobalAveragePooling1D()(x), None),
    ("a convolution and a maximum", lambda i, e, x: layers.GlobalMaxPooling1D()(layers.Conv1D(3, 2)(x)), None),
    ("a mask given to the taker", lambda i, e, x: layers.LSTM(3)(2 * x, mask=mask(i)), None),
    ("... made by the embedding", lambda i, e, x: layers.LSTM(3)(x + 1.0, mask=e.compute_mask(i)), None),
    ("a mask given to an attention", lambda i, e, x: attention(2 * x, 2 * x, attention_mask=mask(i)[:, None]), None),
    ("attention to earlier steps", lambda i, e, x: attention(2 * x, 2 * x, use_causal_mask=True), None),
    ("features become steps", lambda i, e, x: layers.LSTM(3)(layers.Permute((2, 1))(x)), None),
    ("the recurrent layer took it", lambda i, e, x: layers.Flatten()(layers.LSTM(3, return_sequences=True)(x)), None),
    ("taken in another branch", lambda i, e, x: layers.Concatenate()([layers.LSTM(3)(x), layers.Flatten()(x)]), None),
    ("the loss takes it", lambda i, e, x: [layers.Dense(1)(x), layers.Flatten()(x)], None),
    ("a block that sees it", lambda i, e, x: layers.Flatten()(Block()(x)), None),
    ("a layer that does not say so", lambda i, e, x: layers.LSTM(3)(Scale()(x)), "TL721"),
    ("... and layers behind it", lambda i, e, x: layers.LSTM(3)(layers.Dense(3)(Scale()(x))), "TL721"),
    ("a Lambda", lambda i, e, x: layers.GRU(3)(layers.Lambda(lambda x: 2 * x)(x)), "TL721"),
    ("an op", lambda i, e, x: layers.Bidirectional(layers.LSTM(3))(2 * x), "TL721"),
    ("a convolution", lambda i, e, x: layers.LSTM(3)(layers.Conv1D(3, 3, padding="same")(x)), "TL721"),
    ("a pooling", lambda i, e, x: layers.GlobalAveragePooling1D()(layers.MaxPooling1D()(x)), "TL721"),
    ("before an attention", lambda i, e, x: attention(Scale()(x), Scale()(x)), "TL721"),
    ("before a layer that asks for it", lambda i, e, x: Pool()(Scale()(x)), "TL721"),
    ("all steps flattened", lambda i, e, x: layers.Dense(1)(layers.Flatten()(x)), "TL722"),
    ("the greatest of all steps", lambda i, e, x: layers.Dense(1)(layers.GlobalMaxPooling1D()(x)), "TL722"),
    ("... behind a Dense", lambda i, e, x: layers.Flatten()(layers.Dense(1)(x)), "TL722"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "code"), [row[1:] for row in MODELS], ids=[row[0] for row in MODELS])
def test_a_mask_reaches_who_takes_it(rest: Callable[..., Any], code: str | None) -> None:
    codes = {diagnostic.code for diagnostic in found(lambda: model(rest))}
    assert codes == (set() if code is None else {code})


@pytest.mark.parametrize(("rest", "code"), [row[1:] for row in MODELS], ids=[row[0] for row in MODELS])
def test_nothing_is_said_where_no_mask_was_made(rest: Callable[..., Any], code: str | None) -> None:
    def without() -> Any:
        ids = tl.Input((6,), dtype="int32")
        embedding = layers.Embedding(10, 4)
        return tl.Model(ids, rest(ids, embedding, embedding(ids)))

    assert found(without) == []


def stack(*rest: Any) -> Any:
    return tl.Sequential([layers.Embedding(10, 4, mask_zero=True, name="embed"), *rest], name="stack")


def test_a_sequential_is_looked_at_when_it_is_built() -> None:
    built = stack(Scale(name="scale"), layers.LSTM(3, name="lstm"))
    told = found(lambda: built.build((None, 6)))
    assert [d.headline for d in told] == [
        'Scale "scale" drops the mask of Embedding "embed", and then LSTM "lstm" computes over the padded steps'
    ]
    assert told[0].where.within == 'layer 2 of 3 in Sequential "stack"'


def test_it_is_said_once_however_often_a_sequential_is_built() -> None:
    def program() -> None:
        grown = tl.Sequential([tl.Input((6,)), layers.Embedding(10, 4, mask_zero=True)])
        for layer in (Scale(), layers.LSTM(3), layers.Dense(2), layers.Dense(1)):
            grown.add(layer)
        grown.compile("sgd", "mse")
        grown.fit(np.ones((4, 6)), np.ones((4, 1)), verbose=0)

    assert [d.code for d in found(program)] == ["TL721"]


def test_the_masking_layer_is_named_as_the_maker() -> None:
    x = tl.Input((6, 2))
    told = found(lambda: tl.Model(x, layers.LSTM(3)(Scale(name="scale")(layers.Masking(name="masking")(x)))))
    assert 'the mask of Masking "masking"' in told[0].headline
    assert told[0].fixes[-1].text == 'leave Masking "masking" out, if the padding is meant to count'


def test_what_is_allowed_is_not_said() -> None:
    allowed = tl.allow(Scale(), "dropped-mask")
    assert found(lambda: model(lambda i, e, x: layers.LSTM(3)(allowed(x)))) == []


def test_warnings_may_be_errors() -> None:
    with tl.mode(tl.Mode(warnings="error")), pytest.raises(tl.ContractError, match="TL722"):
        model(lambda i, e, x: layers.Flatten()(x))


def test_nothing_is_said_in_mode_off() -> None:
    with tl.mode("off"):
        assert found(lambda: model(lambda i, e, x: layers.LSTM(3)(Scale()(x)))) == []


def test_the_mask_changes_what_the_taker_gives() -> None:
    """The rule is true of Keras: padding that is masked does not count, and padding whose mask was dropped does."""
    embedding, lstm = layers.Embedding(10, 4, mask_zero=True), layers.LSTM(3)
    two, six = embedding(np.array([[1, 2]])), embedding(np.array([[1, 2, 0, 0, 0, 0]]))
    assert np.allclose(lstm(Handing()(two)), lstm(Handing()(six)), atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own
        assert not np.allclose(lstm(Scale()(two)), lstm(Scale()(six)), atol=1e-3)
