"""Models that declare no input: what reads their data, a dry run shows, also one that stopped."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

UNIT = np.linspace(0, 1, 8 * 8 * 8 * 3, dtype="float32").reshape(8, 8, 8, 3)
TABLE = np.ones((8, 4), "float32")
SEQUENCES = np.ones((8, 5, 3), "float32")


class Chain(tl.Model):
    """Calls its layers one after the other."""

    def __init__(self, *chain: Any, **named: Any) -> None:
        super().__init__(**named)
        self.chain = list(chain)

    def call(self, x: Any) -> Any:
        for layer in self.chain:
            x = layer(x)
        return x


class Block(layers.Layer):
    """The same inside a layer."""

    def __init__(self, *chain: Any, **named: Any) -> None:
        super().__init__(**named)
        self.chain = list(chain)

    call = Chain.call


class Named(tl.Model):
    """Takes a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.flat, self.head = layers.Embedding(10, 2), layers.Flatten(), layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.head(keras.ops.concatenate([self.flat(self.look(x["id"])), x["size"]], axis=-1))


class Caught(tl.Model):
    """Goes on where a layer raises."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = layers.Conv2D(2, 3), layers.Dense(1)

    def call(self, x: Any) -> Any:
        try:
            return self.first(x)
        except (ValueError, tl.ContractError):
            return self.second(x)


def convolutions() -> list[Any]:
    return [layers.Conv2D(2, 3, name="conv"), layers.Flatten(), layers.Dense(1)]


def model_of(form: type, *chain: Any) -> Any:
    """A subclassed model of these layers, or a Sequential that has them inside one layer."""
    model = Chain(*chain) if form is Chain else tl.Sequential([Block(*chain)])
    model.compile("sgd", "mse")
    return model


FORMS = pytest.mark.parametrize("form", [Chain, Block])


def codes(caught: pytest.ExceptionInfo[tl.ContractError]) -> list[str]:
    return [one.code for one in caught.value.diagnostics]


@FORMS
def test_one_sample_is_said_of_the_data(form: type) -> None:
    with pytest.raises(tl.ContractError) as caught:
        model_of(form, *convolutions()).predict(UNIT[0], verbose=0)
    assert codes(caught) == ["TL503"]
    assert 'for Conv2D "conv"' in str(caught.value)


@FORMS
def test_a_dataset_batched_twice(form: type) -> None:
    twice = tf.data.Dataset.from_tensor_slices((UNIT, np.ones((8, 1)))).batch(2).batch(2)
    with pytest.raises(tl.ContractError) as caught:
        model_of(form, *convolutions()).fit(twice, verbose=0)
    assert codes(caught) == ["TL504"]


@FORMS
def test_ragged_tensors_for_a_layer_of_dense_ones(form: type) -> None:
    x = tf.ragged.constant([[[1.0], [2.0]], [[3.0]]] * 4, ragged_rank=1)
    data = tf.data.Dataset.from_tensor_slices((x, np.ones((8, 1)))).batch(4)
    with pytest.raises(tl.ContractError) as caught:
        model_of(form, layers.LSTM(2), layers.Dense(1)).fit(data, verbose=0)
    assert codes(caught) == ["TL511"]


@FORMS
def test_the_last_step_of_an_lstm_is_known_inside(form: type) -> None:
    model = model_of(form, layers.LSTM(2), layers.LSTM(2), layers.Dense(1))
    with pytest.raises(tl.ContractError) as caught:
        model.fit(SEQUENCES, np.ones((8, 1)), verbose=0)
    assert codes(caught) == ["TL701"]


def test_a_float64_tensor_that_the_model_would_round() -> None:
    x = tf.cast(TABLE, "float64")
    with pytest.raises(tl.ContractError) as caught:
        Chain(layers.Dense(1))(x)
    assert codes(caught) == ["TL301"]
    assert Chain(layers.Dense(1, dtype="float64"), dtype="float64")(x).dtype == "float64"
    assert Chain(layers.Dense(1))(TABLE.astype("float64")).dtype == "float32"  # an array: nobody made it so


@FORMS
def test_training_is_what_later_data_are_compared_with(form: type) -> None:
    model = model_of(form, *convolutions())
    model.fit(UNIT * 2 - 1, np.ones((8, 1)), verbose=0)
    with pytest.warns(tl.ContractWarning, match="TL406"):
        model.predict(UNIT, verbose=0)


def test_ids_of_a_dict_are_known_by_their_key() -> None:
    model = Named()
    model.compile("sgd", "mse")
    data = {"id": np.array([[1], [10]] * 4), "size": TABLE}
    with pytest.raises(tl.ContractError) as caught:
        model.predict(data, verbose=0)
    assert codes(caught) == ["TL512"]
    assert "x['id']" in str(caught.value)


@FORMS
def test_a_mask_of_another_length_inside(form: type) -> None:
    class Halved(layers.Layer):
        supports_masking = True

        def call(self, x: Any) -> Any:
            return x[:, ::2]

    model = model_of(form, layers.Embedding(9, 2, mask_zero=True), Halved(), layers.LSTM(2))
    with pytest.raises(tl.ContractError) as caught:
        model.predict(np.ones((8, 4), "int64"), verbose=0)
    assert codes(caught) == ["TL702"]


RIGHT = {
    "images": (convolutions, UNIT),
    "integers that an own layer looks up": (lambda: [layers.Embedding(3, 2), layers.Flatten()], np.ones((8, 2), int)),
    "sequences": (lambda: [layers.LSTM(2, return_sequences=True), layers.LSTM(2)], SEQUENCES),
    "float64 arrays": (lambda: [layers.Dense(1)], TABLE.astype("float64")),
}


@FORMS
@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str, form: type, recwarn: pytest.WarningsRecorder) -> None:
    make, x = RIGHT[name]
    model = model_of(form, *make())
    assert len(model.predict(x, verbose=0)) == 8
    assert not [one for one in recwarn if issubclass(one.category, tl.ContractWarning)]


def test_text_reaches_a_subclassed_model_as_it_is() -> None:
    model = Chain(layers.StringLookup(vocabulary=["a"]), layers.Embedding(3, 2))
    assert model.predict(tf.constant([["a"]] * 8), verbose=0).shape == (8, 1, 2)


def test_one_column_without_its_axis_is_no_sample_where_weights_take_one_feature() -> None:
    """A Sequential adds the axis; to a subclassed model, Keras does not."""
    model = model_of(Block, layers.Dense(2))
    model.fit(TABLE[:, :1], np.ones((8, 2)), verbose=0)
    assert model.predict(np.ones(8, "float32"), verbose=0).shape == (8, 2)
    with pytest.raises(tl.ContractError, match="TL503"):
        model_of(Block, layers.Dense(2)).predict(np.ones(8, "float32"), verbose=0)


def test_a_prediction_runs_dry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so do those that follow, of any number of samples."""
    from typedlayers.bridge import evidence

    runs: list[Any] = []
    real = evidence.dry_run
    monkeypatch.setattr(evidence, "dry_run", lambda model, x: runs.append(x) or real(model, x))
    model = Chain(layers.Dense(1))
    for count in (40, 3, 8, 50, 1):
        model.predict(np.ones((count, 4), "float32"), verbose=0)
    assert len(runs) <= 2  # the second once the layers are built


def test_what_the_user_s_code_caught_is_no_mistake_of_the_data() -> None:
    assert Caught().predict(TABLE, verbose=0).shape == (8, 1)
