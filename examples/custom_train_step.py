"""A model with a ``train_step`` of its own: an autoencoder that learns to take noise away.

What ``call`` is annotated with holds in ``fit``, ``predict`` and the model's own loop. Digits that nobody flattened are
refused while the step is traced, so that no step was taken.

    python custom_train_step.py
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from jaxtyping import Float
from sklearn.datasets import load_digits

import typedlayers as tl
from typedlayers import keras, layers


class Denoiser(keras.Model):
    def __init__(self, pixels: int, noise: float) -> None:
        super().__init__(name="denoiser")
        self.noise = layers.GaussianNoise(noise, seed=0)
        self.encode = layers.Dense(32, activation="relu", name="encode")
        self.decode = layers.Dense(pixels, activation="sigmoid", name="decode")

    def call(self, rows: Float[tl.Tensor, "batch pixels"]) -> Float[tl.Tensor, "batch pixels"]:
        return self.decode(self.encode(rows))

    def train_step(self, rows: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            cleaned = self(self.noise(rows, training=True), training=True)
            loss = self.compute_loss(x=rows, y=rows, y_pred=cleaned)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return self.compute_metrics(rows, rows, cleaned)


def main() -> None:
    found: Any = load_digits()
    images = (found.images / 16).astype("float32")

    keras.utils.set_random_seed(0)
    model = Denoiser(64, noise=0.3)
    model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
    history = model.fit(images.reshape(-1, 64), epochs=4, verbose=0).history
    print(f"mean error at first: {history['mae'][0]:.3f}")
    print(f"mean error at last: {history['mae'][-1]:.3f}")

    untrained = Denoiser(8, noise=0.3)
    untrained.compile("adam", "mse")
    try:
        untrained.fit(images, verbose=0)
    except tl.ContractError as error:
        print(f"refused: {error}")
    print(f"steps of the untrained: {int(untrained.optimizer.iterations)}")


if __name__ == "__main__":
    main()
