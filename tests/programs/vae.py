"""Variational autoencoder of handwritten digits, with its own train_step."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.datasets import load_digits

LATENT = 2


class Sampling(layers.Layer):
    """Draws z from the mean and the logarithm of the variance."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        mean, log_var = inputs
        epsilon = keras.random.normal(shape=ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * epsilon


def build_encoder():
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(16, 3, activation="relu", strides=2, padding="same")(inputs)
    x = layers.Conv2D(32, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(16, activation="relu")(x)
    mean = layers.Dense(LATENT, name="z_mean")(x)
    log_var = layers.Dense(LATENT, name="z_log_var")(x)
    return keras.Model(inputs, [mean, log_var, Sampling()([mean, log_var])], name="encoder")


def build_decoder():
    inputs = keras.Input((LATENT,))
    x = layers.Dense(2 * 2 * 32, activation="relu")(inputs)
    x = layers.Reshape((2, 2, 32))(x)
    x = layers.Conv2DTranspose(32, 3, activation="relu", strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(16, 3, activation="relu", strides=2, padding="same")(x)
    outputs = layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)
    return keras.Model(inputs, outputs, name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.trackers = {name: keras.metrics.Mean(name=name) for name in ("loss", "reconstruction", "kl")}

    @property
    def metrics(self):
        return list(self.trackers.values())

    def train_step(self, data):
        with tf.GradientTape() as tape:
            mean, log_var, z = self.encoder(data)
            reconstruction = self.decoder(z)
            error = ops.mean(ops.sum(keras.losses.binary_crossentropy(data, reconstruction), axis=(1, 2)))
            kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var))
            kl = ops.mean(ops.sum(kl, axis=1))
            total = error + kl
        grads = tape.gradient(total, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        for name, value in zip(self.trackers, (total, error, kl)):
            self.trackers[name].update_state(value)
        return {m.name: m.result() for m in self.metrics}


def main():
    keras.utils.set_random_seed(0)
    images = np.expand_dims(load_digits().images, -1).astype("float32") / 16
    vae = VAE(build_encoder(), build_decoder())
    vae.compile(optimizer=keras.optimizers.Adam(3e-3))
    history = vae.fit(images[:640], epochs=2, batch_size=64, verbose=0)
    for name in ("loss", "reconstruction", "kl"):
        print(f"{name:>15} {history.history[name][-1]:.2f}")
    line = np.linspace(-1.5, 1.5, 4)
    grid = np.array([[a, b] for a in line for b in line])
    print("decoded:", vae.decoder.predict(grid, verbose=0).shape)


if __name__ == "__main__":
    main()
