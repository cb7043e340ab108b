"""Orders of events that once gave wrong answers in silence, each a row: the right answer, or an error.

`test_orders` draws such orders at random; these are the ones that were met.
"""

from __future__ import annotations

import contextlib
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
    """Raises after a step."""

    def __init__(self, error: type[BaseException]) -> None:
        super().__init__()
        self.error = error

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise self.error


def interrupted(model: Any, error: type[BaseException]) -> None:
    with pytest.raises(error):
        model.fit(SIGNED, Y, callbacks=[Stop(error)], verbose=0)


def looked_first(model: Any) -> None:
    """Bytes or ready floats, whichever the model answers."""
    for x in (RAW[:1], UNIT[:1]):
        with contextlib.suppress(tl.ContractError):
            model(x)


def refused_first(model: Any, x: np.ndarray, **more: Any) -> None:
    """A training that is refused before a step teaches nothing."""
    for ask in (model, model.predict):
        with contextlib.suppress(tl.ContractError):
            ask(RAW)
    model.fit(x, Y, verbose=0, **more)


BEFORE: dict[str, Callable[..., Any]] = {
    "a look, then weights": lambda model, folder: (looked_first(model), model.set_weights(of_bytes())),
    "a look, then a file": lambda model, folder: (looked_first(model), from_a_file(model, folder)),
    "a look, then a checkpoint": lambda model, folder: (looked_first(model), from_a_checkpoint(model, folder)),
    "a look, then assign": lambda model, folder: (looked_first(model), assigned(model)),
    "a loop on bytes": lambda model, folder: by_a_loop(model),
    "signed, interrupted": lambda model, folder: interrupted(model, KeyboardInterrupt),
    "signed, until a callback failed": lambda model, folder: interrupted(model, RuntimeError),
    "bytes asked for, then signed": lambda model, folder: refused_first(model, SIGNED),
    "bytes asked for, then standardised": lambda model, folder: refused_first(model, STANDARD),
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
    supposed = SIGNED if "signed" in event else RAW.astype("float32")
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


def test_bytes_beside_standardised_floats_are_refused_as_validation_data() -> None:
    model = net()
    with pytest.raises(tl.ContractError, match="validation data"):
        model.fit(STANDARD, Y, validation_data=(RAW, Y), verbose=0)


def image_after(name: str, dtype: str) -> tuple[Any, dict[str, Any]]:
    """A model of an input that is no number to scale, and of an image that is counted after it or before it."""
    image, other = tl.Input((8, 8, 1), name="b_img"), tl.Input((1,), dtype=dtype, name=name)
    if dtype == "string":
        known = layers.StringLookup(vocabulary=["a", "b"])
        data = np.array([["a"], ["b"]] * 8)
    else:
        known, data = layers.Identity(), np.arange(16)[:, None] % 3
    told = layers.Flatten()(layers.Embedding(3, 2)(known(other)))
    seen = layers.Flatten()(layers.Conv2D(2, 3)(image))
    outputs = layers.Dense(3, activation="softmax")(layers.Concatenate()([told, seen]))
    model = tl.Model([image, other], outputs, mode="lenient")
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model, {"b_img": RAW, name: data}


@pytest.mark.parametrize("name", ["a_other", "z_other"])
@pytest.mark.parametrize("dtype", ["string", "int32"])
@pytest.mark.parametrize("trained_on", [RAW, UNIT], ids=["bytes", "unit"])
def test_the_image_is_scaled_wherever_its_input_stands(name: str, dtype: str, trained_on: np.ndarray) -> None:
    model, data = image_after(name, dtype)
    given: Any = {**data, "b_img": trained_on}
    if dtype == "string":
        given[name] = tf.constant(data[name])
    model.fit(tf.data.Dataset.from_tensor_slices((given, Y)).batch(16), verbose=0)
    raw, ready = ([tf.constant(x), tf.constant(data[name])] for x in (RAW, UNIT))
    expected = np.asarray(model(dict(zip(("b_img", name), raw, strict=True))))
    np.testing.assert_allclose(model(raw), expected, atol=1e-5)
    plain = tl.to_keras(model)
    np.testing.assert_allclose(plain(raw), expected, atol=1e-5)
    if trained_on is UNIT:
        np.testing.assert_allclose(model(ready), expected, atol=1e-5)
    else:
        assert [type(layer).__name__ for layer in model.layers].count("Rescaling") == 1


def test_a_model_whose_notes_cannot_be_read_refuses_bytes() -> None:
    model = net()
    model.fit(UNIT, Y, verbose=0)
    config = model.get_config()
    (key,) = (one for one in config if one.startswith("typedlayers"))
    config[key] = {**config[key], "version": 99}
    with tl.mode("lenient"), pytest.warns(tl.ContractWarning, match="TL802"):
        again = tl.Sequential.from_config(config)
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        again.predict(RAW, verbose=0)


@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
def test_a_clone_knows_nothing_of_the_training_after_a_pickle_either() -> None:
    model = net()
    model.fit(UNIT, Y, verbose=0)
    clone = pickle.loads(pickle.dumps(tl.keras.models.clone_model(model)))
    np.testing.assert_allclose(clone(RAW), twin_of(clone)(RAW.astype("float32")), atol=1e-5)


def test_a_batch_of_one_is_not_an_axis_too_many() -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(3)], mode="lenient")
    with pytest.raises(tl.ContractError):
        model.predict(np.ones((1, 5, 4), "float32"), verbose=0)


def test_a_list_of_bytes_is_judged_as_an_array_of_them() -> None:
    for given in (RAW.tolist(), RAW.astype("int64")):
        model = net()
        model.fit(UNIT, Y, verbose=0)
        with pytest.raises(tl.ContractError, match="TL406"):
            model.predict(given, verbose=0)


def test_bytes_that_get_their_channel_axis_by_a_repair_are_scaled_too() -> None:
    stack = [tl.Input((8, 8)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3, activation="softmax")]
    model = tl.Sequential(stack, mode="lenient")
    model.compile("sgd", "sparse_categorical_crossentropy")
    twin = twin_of(model)
    model.fit(RAW[..., 0], Y, verbose=0, shuffle=False)
    twin.fit(UNIT, Y, verbose=0, shuffle=False)
    for one, two in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)


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


class Own(tl.Model):
    """A model of the user's own, which nothing can be put in front of."""

    def __init__(self) -> None:
        super().__init__(mode="lenient")
        self.stack = [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3, activation="softmax")]

    def call(self, x: Any) -> Any:
        for layer in self.stack:
            x = layer(x)
        return x


def test_a_model_of_the_user_s_own_refuses_to_train_on_bytes() -> None:
    model = Own()
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(tl.ContractError, match="TL401"):
        model.fit(RAW, Y, verbose=0)
    assert tl.repairs(model) == ()


def test_functional_code_is_repaired_where_the_mode_is_in_force() -> None:
    """A layer is called before its model is made: the mode of that model comes too late."""
    image = tl.Input((8, 8))
    with pytest.raises(tl.ContractError, match="TL201"):
        layers.Conv2D(4, 3)(image)
    with tl.mode("lenient"):
        assert layers.Conv2D(4, 3)(image).shape == (None, 6, 6, 4)


@pytest.mark.parametrize("ask", ["__call__", "predict_on_batch"])
def test_eight_threads_leave_the_checks_on(ask: str) -> None:
    model = net()
    model.fit(UNIT, Y, verbose=0)
    expected = np.asarray(model(UNIT))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(getattr(model, ask), [RAW, UNIT] * 8))
    for answer in answers:
        np.testing.assert_allclose(answer, expected, atol=1e-5)
    for method in (model, model.predict_on_batch):
        with pytest.raises(tl.ContractError):
            method(np.ones((16, 8, 8, 3), "float32"))


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
