"""Integers into LSTM and GRU: cast on a CPU, refused by cuDNN on a GPU. No GPU is needed: what is visible is told."""

from __future__ import annotations

import warnings
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers.rows import L, Maker, case, eager
from typedlayers import layers
from typedlayers.bridge import devices

STEPS = "i32[2,6,3]"

BY_CUDNN = [
    L.LSTM(5),
    L.GRU(5),
    L.LSTM(5, use_cudnn="auto", return_sequences=True, go_backwards=True),
    L.GRU(5, activation=keras.ops.tanh, recurrent_activation=tf.sigmoid),
]
WRAPPED = [lambda: layers.Bidirectional(layers.LSTM(5)), lambda: layers.Bidirectional(layers.GRU(5))]


def tanh(x: Any) -> Any:
    """Not Keras's: cuDNN is not tried."""
    return keras.ops.tanh(x)


RIGHT = [  # no mistake on any device
    case(L.LSTM(5, use_cudnn=False), STEPS, gives="f32[2,5]"),
    case(L.GRU(5, use_cudnn=False), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5, activation="relu"), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5, activation=tanh), STEPS, gives="f32[2,5]"),
    case(L.GRU(5, recurrent_activation="hard_sigmoid"), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5, recurrent_dropout=0.5), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5, unroll=True), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5, use_bias=False), STEPS, gives="f32[2,5]"),
    case(L.GRU(5, reset_after=False), STEPS, gives="f32[2,5]"),
    case(L.SimpleRNN(5), STEPS, gives="f32[2,5]"),
    case(L.RNN(keras.layers.LSTMCell(5)), STEPS, gives="f32[2,5]"),
    case(L.LSTM(5), "f32[2,6,3]", gives="f32[2,5]"),
    case(L.GRU(5, dtype="mixed_bfloat16"), "f32[2,6,3]", gives="f32[2,5]"),
]


@pytest.fixture(params=[True, False], ids=["gpu", "no gpu"])
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(devices, "sees_gpu", lambda: request.param)
    return request.param


def said(work: Any) -> list[str]:
    """The codes that are raised, and those that are warned of as *perhaps*."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", tl.ContractWarning)
        try:
            work()
        except tl.ContractError as error:
            return [one.code for one in error.diagnostics]
    return [
        f"perhaps {d.code}" for w in caught if isinstance(w.message, tl.ContractWarning) for d in w.message.diagnostics
    ]


@pytest.mark.parametrize("make", [*BY_CUDNN, *WRAPPED])
def test_integers_are_refused_where_a_gpu_is_visible(make: Any, gpu: bool) -> None:
    assert said(lambda: make()(eager(STEPS))) == ["TL304" if gpu else "perhaps TL304"]


@pytest.mark.parametrize("row", RIGHT, ids=str)
def test_nothing_is_said_of_what_runs_on_both(row: Any, gpu: bool) -> None:
    assert said(lambda: row.make()(eager(row.given))) == []


@pytest.mark.parametrize("make", [L.LSTM(5, dropout=0.5), L.GRU(5, dropout=0.5), L.SimpleRNN(5, dropout=0.5)], ids=str)
def test_input_dropout_fails_on_integers_on_every_device(make: Maker, gpu: bool) -> None:
    assert said(lambda: make()(eager(STEPS))) == ["TL304"]
    with pytest.raises(ValueError, match="floating point"):
        make(keras.layers)(eager(STEPS))


@pytest.mark.parametrize("make", BY_CUDNN)
def test_lenient_mode_casts_on_every_device(make: Maker, gpu: bool) -> None:
    layer = make()
    with tl.mode("lenient"):
        given = layer(eager(STEPS))
    assert [str(entry.repair) for entry in tl.repairs(layer)] == ["cast to float32"]
    np.testing.assert_array_equal(given, layer(tf.cast(eager(STEPS), "float32")))


IDS, NUMBERS = np.arange(12).reshape(2, 6), np.arange(36).reshape(2, 6, 3)

MODELS = [  # inputs and first layers, data, what is said where a GPU is visible
    ([tl.Input((6,)), layers.Embedding(20, 3)], IDS, []),
    ([tl.Input((6,), dtype="int32"), layers.Embedding(20, 3)], IDS, []),
    ([tl.Input((6, 3))], NUMBERS, []),  # Keras casts to the dtype of the input
    ([], NUMBERS, []),  # an input of the first layer's dtype is made
    ([tl.Input((6, 3), dtype="int32"), layers.Rescaling(0.1)], NUMBERS, []),
    ([tl.Input((6, 3), dtype="int32"), layers.Activation("linear")], NUMBERS, ["TL304"]),
    ([tl.Input((6, 3), dtype="int32")], NUMBERS, ["TL304"]),
    ([tl.Input((6, 3), dtype="uint8")], NUMBERS.astype("uint8"), ["TL304"]),
]


@pytest.mark.parametrize(("before", "x", "codes"), MODELS)
def test_the_dtype_that_reaches_the_layer_counts(before: list[Any], x: Any, codes: list[str], gpu: bool) -> None:
    def program() -> None:
        model = tl.Sequential([*map(copied, before), layers.LSTM(4)])
        model.compile("sgd", "mse")
        model.fit(x, np.zeros((2, 4)), verbose=0)

    assert said(program)[:1] == [code if gpu else f"perhaps {code}" for code in codes]


def copied(part: Any) -> Any:
    if isinstance(part, keras.KerasTensor):
        return tl.Input(part.shape[1:], dtype=part.dtype)
    return type(part).from_config(part.get_config())


class Reader(tl.Model):
    """Data reach its layer in the dtype that they have."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = layers.LSTM(4)

    def call(self, x: Any) -> Any:
        return self.lstm(x)


@pytest.mark.parametrize(("x", "codes"), [(NUMBERS, ["TL304"]), (NUMBERS.astype("float32"), [])])
def test_a_subclassed_model_hands_integers_on(x: Any, codes: list[str], gpu: bool) -> None:
    def program() -> None:
        model = Reader()
        model.compile("sgd", "mse")
        model.fit(x, np.zeros((2, 4)), verbose=0)

    assert said(program)[:1] == [code if gpu else f"perhaps {code}" for code in codes]


def test_asking_for_gpus_starts_none() -> None:
    assert devices.sees_gpu() is bool(tf.config.get_visible_devices("GPU"))
