"""Models of every kind that people save, each with an input; made of the classes that are handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers
from typedlayers.archive.layer_notes import places
from typedlayers.archive.scope import typed_places

PACKAGE = "zoo"


@keras.saving.register_keras_serializable(PACKAGE)
class Twice(tl.Layer):
    """A registered layer around a typed one."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def build(self, input_shape: Any) -> None:
        self.dense.build(input_shape)

    def call(self, x: Any) -> Any:
        return 2 * self.dense(x)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(PACKAGE)
class Net(tl.Model):
    """A registered subclassed model."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.first, self.last = layers.Dense(units, activation="relu"), layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.last(self.first(x))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


def sequential() -> Any:
    return tl.Sequential([tl.Input((4,)), layers.Dense(3, activation="relu"), layers.Dropout(0.5), layers.Dense(2)])


def deferred() -> Any:
    model = tl.Sequential([layers.Dense(3), layers.Dense(2)])
    model.build((None, 4))
    return model


def compiled() -> Any:
    model = sequential()
    model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError(), metrics=[keras.metrics.MeanAbsoluteError()])
    model.fit(table(), np.zeros((2, 2), "float32"), verbose=0)
    return model


def functional() -> Any:
    """A shared layer, two inputs in a dict, two outputs."""
    inputs = {"one": tl.Input((4,), name="one"), "two": tl.Input((4,), name="two")}
    shared = layers.Dense(4, activation="relu")
    total = layers.Add()([shared(inputs["one"]), shared(shared(inputs["two"]))])
    return tl.Model(inputs, [layers.Dense(2)(total), layers.Dense(1)(total)])


def operations() -> Any:
    """An operation whose class has a layer's name."""
    inputs = tl.Input((4,))
    return tl.Model(inputs, layers.Dense(2)(inputs) + layers.Dense(2)(inputs))


def attention() -> Any:
    inputs = tl.Input((5, 3))
    return tl.Model(inputs, layers.Attention()([inputs, layers.MultiHeadAttention(2, 2)(inputs, inputs)]))


def nested() -> Any:
    inner = tl.Sequential([tl.Input((4,)), layers.Dense(4)], name="inner")
    plain = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)], name="plain")
    inputs = tl.Input((4,))
    return tl.Model(inputs, layers.Dense(2)(inner(plain(inner(inputs)))))


def images() -> Any:
    return tl.Sequential(
        [
            tl.Input((8, 8, 1)),
            layers.Conv2D(2, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )


def sequences() -> Any:
    inputs = tl.Input((5, 3))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(inputs)
    x = layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)], return_sequences=True)(x)
    return tl.Model(inputs, layers.TimeDistributed(layers.Dense(2))(x))


def words() -> Any:
    """A vocabulary lies among the assets, not in the config."""
    lookup = layers.StringLookup()
    lookup.adapt(np.array(["a", "b", "b"]))
    return tl.Sequential([tl.Input((2,), dtype="string"), lookup, layers.Embedding(8, 2), layers.Flatten()])


def custom() -> Any:
    return tl.Sequential([tl.Input((4,)), Twice(3), layers.Dense(2)])


def subclassed() -> Any:
    model = Net(3)
    model(table())
    return model


def table() -> Any:
    return np.random.default_rng(1).random((2, 4), "float32")


def tables() -> Any:
    return {"one": table(), "two": 1 - table()}


def series() -> Any:
    return np.random.default_rng(2).random((2, 5, 3), "float32")


def pictures() -> Any:
    return np.random.default_rng(3).random((2, 8, 8, 1), "float32")


def texts() -> Any:
    return np.array([["a", "c"], ["b", "a"]])


ZOO: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    # name       the model     an input
    "sequential": (sequential, table),
    "deferred": (deferred, table),
    "compiled": (compiled, table),
    "functional": (functional, tables),
    "operations": (operations, table),
    "attention": (attention, series),
    "nested": (nested, table),
    "images": (images, pictures),
    "sequences": (sequences, series),
    "words": (words, texts),
    "custom": (custom, table),
    "subclassed": (subclassed, table),
}

OF_THE_USER = {"custom", "subclassed"}
"""Models with a class whose code needs typedlayers: no file of theirs opens without it."""

NO_H5 = {"deferred", "subclassed", "words", "operations", "attention"}
"""Keras's legacy format takes no subclassed model and no operation, fails on ``Attention``, and holds neither
vocabularies nor a deferred input."""


def outputs(model: Any, x: Any) -> list[np.ndarray]:
    given = keras.tree.map_structure(tf.constant, x)
    return [keras.ops.convert_to_numpy(y) for y in keras.tree.flatten(model(given))]


def same_bits(one: list[np.ndarray], two: list[np.ndarray]) -> bool:
    return [(y.dtype, y.shape, y.tobytes()) for y in one] == [(y.dtype, y.shape, y.tobytes()) for y in two]


def as_typed_as(again: Any, model: Any) -> bool:
    """Whether every layer that is of a typed class in a model is of that class in the other, inner ones too."""
    typed = set(typed_places().values())
    there = {place: type(layer) for place, layer in places(again)}
    return all(there[place] is type(layer) for place, layer in places(model) if type(layer) in typed)
