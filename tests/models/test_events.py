"""Orders of events that once gave wrong answers in silence, each a row: the right answer, or an error.

`test_orders` draws such orders at random; these are the ones that were met.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

RNG = np.random.default_rng(0)
RAW = RNG.integers(0, 256, (16, 8, 8, 1)).astype("uint8")
RAW[0, 0, :2, 0] = 0, 255
UNIT = (RAW / 255).astype("float32")
SIGNED = (RAW / 127.5 - 1).astype("float32")
STANDARD = RNG.normal(size=RAW.shape).astype("float32")
Y = np.arange(16) % 3


def net(sequential: Any = None, home: Any = layers) -> Any:
    made = sequential or (lambda stack: tl.Sequential(stack, mode="lenient"))
    model = made([keras.Input((8, 8, 1)), home.Conv2D(4, 3), home.Flatten(), home.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def twin_of(model: Any) -> Any:
    twin = net(keras.Sequential, keras.layers)
    twin.set_weights(model.get_weights())
    return twin


def of_bytes() -> list[np.ndarray]:
    """Weights that were trained on bytes as they are."""
    plain = net(keras.Sequential, keras.layers)
    plain.fit(RAW, Y, verbose=0)
    return plain.get_weights()


def assigned(model: Any) -> None:
    for variable, value in zip(model.variables, of_bytes(), strict=False):
        variable.assign(value)


def from_a_checkpoint(model: Any, folder: Path) -> None:
    twin = twin_of(model)
    twin.set_weights(of_bytes())
    path = tf.train.Checkpoint(model=twin).write(str(folder / "weights"))
    tf.train.Checkpoint(model=model).read(path).expect_partial()


def from_a_file(model: Any, folder: Path) -> None:
    twin = twin_of(model)
    twin.set_weights(of_bytes())
    twin.save_weights(folder / "it.weights.h5")
    model.load_weights(folder / "it.weights.h5")


def by_a_loop(model: Any) -> None:
    loss = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        value = loss(Y, model(RAW.astype("float32"), training=True))
    for weight, slope in zip(model.trainable_weights, tape.gradient(value, model.trainable_weights), strict=True):
        weight.assign_sub(0.01 * slope)


class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise KeyboardInterrupt


def interrupted(model: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        model.fit(SIGNED, Y, callbacks=[Stop()], verbose=0)


def looked_first(model: Any) -> None:
    model(UNIT[:1])


BEFORE: dict[str, Callable[..., Any]] = {
    "a look, then weights": lambda model, folder: (looked_first(model), model.set_weights(of_bytes())),
    "a look, then a file": lambda model, folder: (looked_first(model), from_a_file(model, folder)),
    "a look, then a checkpoint": lambda model, folder: (looked_first(model), from_a_checkpoint(model, folder)),
    "a look, then assign": lambda model, folder: (looked_first(model), assigned(model)),
    "a loop on bytes": lambda model, folder: by_a_loop(model),
    "signed, interrupted": lambda model, folder: interrupted(model),
    "standardised": lambda model, folder: model.fit(STANDARD, Y, verbose=0),
    "shifted": lambda model, folder: model.fit(UNIT - 0.5, Y, verbose=0),
    "faint": lambda model, folder: model.fit(UNIT / 10, Y, verbose=0),
    "floats 0..255": lambda model, folder: model.fit(RAW.astype("float32"), Y, verbose=0),
    "bytes that are not raw": lambda model, folder: model.fit(RAW % 50, Y, verbose=0),
}
"""What made the weights; none of them takes bytes as fractions of 255, so none may scale them by that."""

ASKED: dict[str, Callable[[Any, Any], Any]] = {
    "call": lambda model, x: model(x),
    "predict": lambda model, x: model.predict(x, verbose=0),
    "dataset": lambda model, x: model.predict(tf.data.Dataset.from_tensor_slices(x).batch(16), verbose=0),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("event", BEFORE)
@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
def test_bytes_are_what_the_weights_suppose_or_an_error(event: str, ask: Any, tmp_path: Path) -> None:
    model = net()
    try:
        BEFORE[event](model, tmp_path)
    except tl.ContractError:
        assert event in ("floats 0..255",)  # raw values into weights that nobody trained: refused before a step
        return
    try:
        answer = np.asarray(ask(model, RAW))
    except tl.ContractError:
        return
    supposed = {"signed, interrupted": SIGNED}.get(event, RAW.astype("float32"))
    if isinstance(model.layers[0], keras.layers.Rescaling):
        model, supposed = tl.to_keras(model), RAW
        np.testing.assert_allclose(answer, np.asarray(model(RAW)), atol=1e-5)
        return
    np.testing.assert_allclose(answer, np.asarray(twin_of(model)(supposed)), atol=1e-5)


def test_the_order_of_requests_does_not_matter() -> None:
    dark, bright = RAW // 8, RAW
    for order in ((dark, bright), (bright, dark)):
        model = net()
        model.fit(UNIT, Y, verbose=0)
        twin = twin_of(model)
        for x in order:
            np.testing.assert_allclose(model(x), twin((x / 255).astype("float32")), atol=1e-5)


def test_an_input_is_judged_after_its_bytes_were_repaired() -> None:
    model = net()
    model.fit(UNIT, Y, verbose=0)
    model.predict(RAW, verbose=0)
    for wrong in (RAW.astype("float32"), RAW.astype("int32")):
        with pytest.raises(tl.ContractError, match="TL40"):
            model.predict(wrong, verbose=0)
    with pytest.raises(tl.ContractError, match="NaN"):
        model.fit(np.where(UNIT > 0.5, np.nan, UNIT), Y, verbose=0)
    assert all(np.isfinite(one).all() for one in model.get_weights())


def test_the_last_training_counts() -> None:
    model = net()
    model.set_weights(of_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tl.ContractWarning)
        model.fit(RAW.astype("float32"), Y, verbose=0)
        model.fit(UNIT, Y, verbose=0)
    np.testing.assert_allclose(model.predict(UNIT, verbose=0), twin_of(model)(UNIT), atol=1e-5)


def test_every_rank_is_recorded() -> None:
    model = tl.Sequential([tl.Input((28, 28)), layers.Flatten(), layers.Dense(3)], mode="lenient")
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x = RNG.integers(0, 256, (8, 28, 28)).astype("uint8")
    x[0, 0, :2] = 0, 255
    ready = (x / 255).astype("float32")
    model.fit(ready, np.arange(8) % 3, verbose=0)
    np.testing.assert_allclose(model(x), model(ready), atol=1e-5)


def test_a_batch_of_one_is_not_an_axis_too_many() -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(3)], mode="lenient")
    with pytest.raises(tl.ContractError):
        model.predict(np.ones((1, 5, 4), "float32"), verbose=0)


def test_a_model_inside_another_gets_what_it_was_trained_on() -> None:
    inner = net()
    inner.fit(UNIT, Y, verbose=0)
    outer = tl.Sequential([tl.Input((8, 8, 1)), inner], mode="lenient")
    np.testing.assert_allclose(outer(RAW), inner(UNIT), atol=1e-5)


def test_a_function_that_was_traced_before_a_training_does_not_serve_bytes_raw() -> None:
    model = net()
    function = tf.function(lambda x: model(x))
    model.fit(UNIT, Y, verbose=0)
    np.testing.assert_allclose(function(tf.constant(RAW)), twin_of(model)(UNIT), atol=1e-5)


def test_a_constant_inside_a_traced_function_is_not_looked_at() -> None:
    class Physics(tl.Model):
        def __init__(self) -> None:
            super().__init__()
            self.net = tl.Sequential([tl.Input((1,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])
            self.edge = tf.constant([[0.0], [1.0]])

        def call(self, x: Any) -> Any:
            return self.net(x)

        def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any) -> Any:
            return tf.reduce_mean((y_pred - y) ** 2) + tf.reduce_mean(self.net(self.edge) ** 2)

    model = Physics()
    model.compile("sgd")
    with warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        history = model.fit(np.linspace(0, 1, 16)[:, None].astype("float32"), np.zeros((16, 1), "float32"), verbose=0)
    assert np.isfinite(history.history["loss"][0])
