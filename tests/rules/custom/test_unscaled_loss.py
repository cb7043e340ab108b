"""TL744: steps of the user's under mixed_float16."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers as L


@pytest.fixture
def mixed() -> Iterator[None]:
    keras.mixed_precision.set_global_policy("mixed_float16")
    yield
    keras.mixed_precision.set_global_policy("float32")


class Net(tl.Model):
    def __init__(self) -> None:
        super().__init__(name="net")
        self.dense = L.Dense(1, dtype="float32")

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def scaled(self, loss: Any) -> Any:
        return loss

    def train_step(self, data: Any) -> Any:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
            scaled = self.scaled(loss)
        weights = self.trainable_weights
        self.optimizer.apply(tape.gradient(scaled, weights), weights)
        return {"loss": loss}


class Scaling(Net):
    def scaled(self, loss: Any) -> Any:
        return self.optimizer.scale_loss(loss)


class Leaving(Net):
    """Leaves the step to Keras."""

    def train_step(self, data: Any) -> Any:
        return keras.Model.train_step(self, data)


def trained(cls: type[Net]) -> None:
    net = cls()
    net.compile("sgd", "mse")
    net.fit(np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), verbose=0)


class Beside(Net):
    """Trains by an optimizer of its own, as each half of a GAN does: that of ``compile`` has nothing to scale."""

    def __init__(self) -> None:
        super().__init__()
        self.other = keras.optimizers.SGD(0.1)

    def train_step(self, data: Any) -> Any:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        weights = self.trainable_weights
        self.other.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}


WRONG = {"not scaled": Net}
RIGHT = {"scaled": Scaling, "left to Keras": Leaving, "an optimizer beside it": Beside}


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        trained(WRONG[name])
    (one,) = caught.value.diagnostics
    assert (one.code, one.headline.partition(":")[0]) == ("TL744", 'train_step of Net "net" does not scale its loss')
    assert one.where.line


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    trained(RIGHT[name])


def test_in_float32_nothing_is_scaled() -> None:
    trained(Net)
