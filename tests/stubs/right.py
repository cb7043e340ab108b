"""A program without a slip, in the ways in which Keras programs are written; type checkers find nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

import typedlayers as tl
from typedlayers import keras, layers
from typedlayers.keras.layers import Dense, Input
from typedlayers.keras.utils import to_categorical


def block(x, filters, size=3, padding="same", activation="relu", strides=1):
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False)(x)
    x = layers.BatchNormalization(axis=-1, name=None)(x)
    return layers.Activation(activation)(x)


def typed_block(x: Any, filters: int, padding: str = "same", rate: float | None = None) -> Any:
    x = layers.SeparableConv2D(filters, (3, 3), padding=padding)(x)
    return layers.Dropout(rate)(x, training=True) if rate is not None else x


class Scale(tl.Layer):
    def __init__(self, units: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.units,), name="kernel")

    def call(self, x: Float[tl.Tensor, "*axes features"]) -> Float[tl.Tensor, "*axes {self.units}"]:
        return self.dense(x) * self.kernel

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@tl.typed
class Double(keras.layers.Layer):
    def call(self, x, training=False):
        return 2 * x


@tl.typed()
class Wide(keras.layers.Dense):
    pass


class Gan(keras.Model):
    def __init__(self, generator: keras.Model, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.tracker]

    def call(self, inputs, training=None, mask=None):
        return self.generator(inputs, training=training)

    def train_step(self, data):
        self.tracker.update_state(0.0)
        return {m.name: m.result() for m in self.metrics}


def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    yield np.zeros((2, 8, 8, 1), "float32"), np.zeros((2, 10))


inputs = keras.Input(shape=(8, 8, 1), name="image")
x = typed_block(block(inputs, 8), filters=4, rate=0.5)
x = layers.concatenate([x, layers.Conv2D(4, kernel_size=[3, 3], padding="same")(inputs)], axis=-1)
x = layers.MultiHeadAttention(num_heads=2, key_dim=4)(x, x, attention_mask=None, use_causal_mask=False)
x = keras.ops.mean(x, axis=(1, 2))
outputs = Dense(10, name="out", activation=keras.activations.softmax, dtype="float32", kernel_regularizer=keras.regularizers.L2(1e-4))(x)
net = keras.Model(inputs=inputs, outputs=outputs, name="net")
net.compile(optimizer=keras.optimizers.Adam(1e-3), loss={"out": "mse"}, metrics=["accuracy"])
net.stop_training = False
history = net.fit(
    np.zeros((4, 8, 8, 1)),
    to_categorical([0, 1, 2, 3], 10),
    batch_size=2,
    epochs=np.int64(1),
    verbose=0,
    callbacks=[keras.callbacks.EarlyStopping(patience=3)],
    class_weight={0: 1.0, 1: 2.0},
    validation_split=0.5,
)
print(history.history["loss"][-1], net.layers[0].name, net.optimizer, net.inputs[0].shape)
net.fit(batches(), steps_per_epoch=1)
net.save("net.keras")
again = tl.load_model("net.keras")

chain = keras.Sequential(
    [Input((None, 4)), layers.Bidirectional(layers.LSTM(np.int32(8), return_sequences=True)), Scale(5)],
    name="chain",
    dims={"time": 128},
    mode="lenient",
)
chain.add(layers.TimeDistributed(layers.Dense(2)))
chain.summary()
Gan(chain, name="gan").compile("adam")
Wide(3)(Double()(np.zeros((1, 4)), training=True))
layers.Embedding(100, 8, mask_zero=True)(np.array([[1, 2, 3]]))
layers.Add()([inputs, inputs])
layers.Reshape(target_shape=(-1,))(x)
layers.Rescaling(1 / 255, input_shape=(8, 8, 1))
layers.TextVectorization(max_tokens=10, vocabulary=["a", "text"])(["a text"])
layers.RNN([layers.LSTMCell(4), layers.GRUCell(4)])(np.zeros((1, 2, 3), "float32"))
layers.Lambda(lambda t: t * 2, output_shape=(3,))(x)
layers.Dense(units=layers.Dense(3).units)

report = tl.check(net, np.zeros((4, 8, 8, 1)), targets=np.zeros((4, 10)))
print(len(report), report.ok, [d.code for d in report], report.to_json())
tl.allow(tl.annotate(layers.Dense(3), inputs=Float[tl.Tensor, "batch 4"]), "float64-tensor")
with tl.mode("off"), tl.allow("TL301"):
    tl.set_mode(tl.Mode(cast="repair"))
print(tl.repairs(net), tl.contract_of(layers.Dense), tl.to_keras(net))
try:
    report.raise_for_errors()
except tl.ContractError as error:
    print(error.diagnostics[0].headline)
