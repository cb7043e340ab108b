"""What stumbled when the library was tried as a new user: each program with what is said of it now."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import keras, layers

ROWS = np.arange(160, dtype="float32").reshape(40, 4) % 7
FRAME = pd.DataFrame(ROWS, columns=list("abcd"))
CITIES = FRAME.assign(city=["Oslo", "Rome"] * 20)
SERIES = np.sin(np.arange(40 * 12, dtype="float32")).reshape(40, 12, 1)
WORDS = np.array(["good film", "bad film"] * 20)
CLASSES = np.arange(40) % 3
COUNTS = np.arange(40) + 20.0


def table(units: int = 3, inputs: int = 4, **compiled: Any) -> Any:
    last = layers.Dense(units, activation="softmax" if units > 1 else None, name="last")
    net = keras.Sequential([keras.Input((inputs,), name="row"), layers.Dense(8), last], name="net")
    net.compile("sgd", **{"loss": "sparse_categorical_crossentropy", **compiled})
    return net


def chain(*stack: Any, loss: str = "mse") -> Any:
    net = keras.Sequential(list(stack), name="net")
    net.compile("sgd", loss)
    return net


class Silent(keras.Model):
    def __init__(self) -> None:
        super().__init__(name="silent")
        self.dense = layers.Dense(1)

    def call(self, x: Any) -> Any:
        self.dense(x)


class OwnStep(Silent):
    def train_step(self, data: Any) -> Any:
        x, y = data
        return {"loss": keras.ops.mean(self.dense(x) - y)}


def silent(model: Any) -> Any:
    model.compile("sgd", "mse")
    return model.fit(ROWS, COUNTS, verbose=0)


def backbone(sizes: tuple[int, ...]) -> Any:
    x = keras.Input(sizes)
    base = keras.Model(x, layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(x)), name="base")
    return chain(base, layers.Dense(1))


def sequence(*, every_step: bool) -> Any:
    return chain(keras.Input((12, 1)), layers.LSTM(4, return_sequences=every_step, name="lstm"), layers.Dense(1))


def pictures(channels: int) -> Any:
    return tf.data.Dataset.from_tensor_slices((np.zeros((8, 8, 8, channels), "float32"), np.zeros(8))).batch(4)


WRONG: dict[str, tuple[Callable[[], Any], str, str, str]] = {
    "names of classes": (
        lambda: table().fit(FRAME, pd.Series(["a", "b", "c", "a"] * 10), verbose=0),
        "TL610", "needs numbers for targets but gets strings", "np.unique(y, return_inverse=True)[1]",
    ),
    "a column of text": (
        lambda: table(inputs=5).fit(CITIES, CLASSES, verbose=0),
        "TL302", "needs numbers", """pd.get_dummies(x, columns=['city'], dtype="float32")""",
    ),
    "one row of a frame": (
        lambda: table().predict(FRAME.iloc[0], verbose=0),
        "TL502", "needs 4 along axis 1 but gets 1", "np.reshape(x, (1, -1))",
    ),
    "a target for each window": (
        lambda: sequence(every_step=True).fit(SERIES, COUNTS, verbose=0),
        "TL601", "needs targets of shape (batch, 12, 1)", "return_sequences=False in \"lstm\"",
    ),
    "text for an Embedding": (
        lambda: chain(layers.Embedding(50, 8), layers.LSTM(4), layers.Dense(1)).fit(WORDS, COUNTS, verbose=0),
        "TL302", "needs numbers but gets string", "layers.TextVectorization(...)",
    ),
    "a call without return": (lambda: silent(Silent()), "TL737", 'the call of Silent "silent" returns None', "return"),
    "grey pictures for a backbone": (
        lambda: backbone((8, 8, 3)).fit(pictures(1), verbose=0),
        "TL502", "needs 3 along axis 3 but gets 1", "tf.image.grayscale_to_rgb(x)",
    ),
}  # fmt: skip
RIGHT: dict[str, Callable[[], Any]] = {
    "classes by number": lambda: table().fit(FRAME, pd.Series(CLASSES), verbose=0),
    "encoded columns": lambda: table(inputs=6).fit(
        pd.get_dummies(CITIES, columns=["city"], dtype="float32"), CLASSES, verbose=0
    ),
    "a frame of one row": lambda: table().predict(FRAME.iloc[[0]], verbose=0),
    "the last step for each window": lambda: sequence(every_step=False).fit(SERIES, COUNTS, verbose=0),
    "a step that does not ask the call": lambda: silent(OwnStep()),
    "pictures for a backbone": lambda: backbone((8, 8, 3)).fit(pictures(3), verbose=0),
    "a backbone of any size": lambda: backbone((None, None, 1)).fit(pictures(1), verbose=0),
    "errors of numbers": lambda: table(1, loss="mse", metrics=["mae"]).fit(ROWS, COUNTS, verbose=0),
    "accuracy of 0 and 1": lambda: table(1, loss="mse", metrics=["accuracy"]).fit(ROWS, COUNTS % 2, verbose=0),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    program, code, headline, fix = WRONG[name]
    with pytest.raises(tl.ContractError) as caught:
        program()
    (one,) = caught.value.diagnostics
    assert one.code == code
    assert headline in one.headline
    assert fix in one.fixes[0].text
    assert one.where.file == __file__


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        RIGHT[name]()


def test_an_accuracy_of_counts_means_nothing() -> None:
    with pytest.warns(tl.ContractWarning, match="needs targets of 0 and 1 but gets") as caught:
        table(1, loss="mse", metrics=["accuracy"]).fit(ROWS, COUNTS, verbose=0)
    assert "TL608" in str(caught[0].message)


def test_a_forgotten_init_is_told_by_keras_alone() -> None:
    class Forgets(layers.Layer):
        def __init__(self) -> None:
            self.units = 3

        def call(self, x: Any) -> Any:
            return x

    with warnings.catch_warnings():
        warnings.simplefilter("error", tl.ContractWarning)
        with pytest.raises(RuntimeError, match="you forgot to call `super"):
            Forgets()(ROWS)


def test_a_class_that_a_file_needs_is_named(tmp_path: Path) -> None:
    class Mine(layers.Layer):
        def call(self, x: Any) -> Any:
            return 2 * x

    model = keras.Sequential([keras.Input((4,)), Mine(), layers.Dense(2)])
    model.save(tmp_path / "net.keras")
    with pytest.raises(TypeError) as caught:
        tl.load_model(tmp_path / "net.keras")
    assert "custom_objects={'Mine': Mine}" in "".join(caught.value.__notes__)
    assert tl.load_model(tmp_path / "net.keras", custom_objects={"Mine": Mine}) is not None
