"""Mixture density network: the answer is not a number but a distribution."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

K = 3
keras.utils.set_random_seed(17)

rng = np.random.default_rng(17)
z = rng.uniform(-1, 1, size=(600, 1)).astype("float32")
x = np.concatenate([z + 0.3 * np.sin(2 * np.pi * z), z**2], axis=1).astype("float32")
y = (z + rng.normal(0, 0.05, size=z.shape)).astype("float32")

inputs = keras.Input(shape=(2,), name="x")
h = layers.Dense(32, activation="tanh")(inputs)
h = layers.Dense(32, activation="tanh")(h)
pi = layers.Dense(K, activation="softmax", name="pi")(h)
mu = layers.Dense(K, name="mu")(h)
sigma = layers.Dense(K, activation="softplus", name="sigma")(h)
mdn = keras.Model(inputs, layers.Concatenate(name="mixture")([pi, mu, sigma]))


def negative_log_likelihood(y_true, params):
    pi, mu, sigma = ops.split(params, 3, axis=-1)
    sigma = sigma + 1e-3
    log_p = -0.5 * ops.square((y_true - mu) / sigma) - ops.log(sigma) - 0.5 * math.log(2 * math.pi)
    return -ops.logsumexp(ops.log(pi + 1e-9) + log_p, axis=-1)


train = tf.data.Dataset.from_tensor_slices((x, y))
train = train.shuffle(600, seed=0).batch(64)
mdn.compile(optimizer=keras.optimizers.Adam(5e-3), loss=negative_log_likelihood)
hist = mdn.fit(train, epochs=5, verbose=0)
print("nll", [round(v, 2) for v in hist.history["loss"]][-1])

params = mdn.predict(x[:10], verbose=0)
weights, means, _ = np.split(params, 3, axis=1)
print("weights sum to one:", np.allclose(weights.sum(1), 1, atol=1e-4))
print("expected value:", (weights * means).sum(axis=1).shape)
