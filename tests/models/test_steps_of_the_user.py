"""A ``train_step`` of the user's: data that it hands to the model as Keras drew them are judged as in Keras's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

BYTES = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 3)).astype("uint8")
FLOATS = BYTES.astype("float32")
IDS = np.array([[1, 2], [3, 4]] * 4)
Y = np.zeros((8, 1), "float32")


@keras.saving.register_keras_serializable("test_steps_of_the_user")
class Stepwise(tl.Sequential):
    """Keras's guide to a ``train_step``; `change` is what the step does with x before it calls the model."""

    change: Callable[[Any], Any] = staticmethod(lambda x: x)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self._predicted(x))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss}

    def _predicted(self, x: Any) -> Any:
        return self(type(self).change(x), training=True)


class Scales(Stepwise):
    """Scales bytes in its step."""

    change = staticmethod(lambda x: tf.cast(x, tf.float32) / 255)


class Shifts(Stepwise):
    """Makes ids from 1 ids from 0 in its step."""

    change = staticmethod(lambda x: x - 1)


class InAFunction(Stepwise):
    """Scales before a function of its own, of which x is an argument."""

    def _predicted(self, x: Any) -> Any:
        called = tf.function(lambda x: self(x, training=True))
        return called(x / 255)


def images(cls: type) -> Any:
    return cls([tl.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])


def words(cls: type) -> Any:
    return cls([tl.Input((2,), dtype="int64"), layers.Embedding(4, 3), layers.Flatten(), layers.Dense(1)])


def arrays(x: Any) -> tuple[Any, Any]:
    return x, Y


def dataset(x: Any) -> tuple[Any, Any]:
    return tf.data.Dataset.from_tensor_slices((x, Y)).batch(4), None


WRONG = {
    "bytes": (images, Stepwise, BYTES, "TL401"),
    "bytes as floats": (images, Stepwise, FLOATS, "TL401"),
    "an id that the table lacks": (words, Stepwise, IDS, "TL512"),
}

LOOKS_WRONG = {
    "bytes that the step scales": (images, Scales, BYTES),
    "floats that the step scales": (images, Scales, FLOATS),
    "floats that are scaled before a function of the user's": (images, InAFunction, FLOATS),
    "ids that the step shifts": (words, Shifts, IDS),
}

RIGHT = {"a unit range": (images, Stepwise, FLOATS / 255), "ids": (words, Stepwise, IDS - 1)}


@pytest.mark.parametrize("given", [arrays, dataset])
@pytest.mark.parametrize(("make", "cls", "x", "code"), WRONG.values(), ids=list(WRONG))
def test_what_a_step_hands_on_is_judged_before_it_runs(make: Any, cls: type, x: Any, code: str, given: Any) -> None:
    model = make(cls)
    model.compile("sgd", "mse")
    data, targets = given(x)
    with pytest.raises(tl.ContractError) as caught:
        model.fit(data, targets, verbose=0)
    assert [one.code for one in caught.value.diagnostics] == [code]
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("given", [arrays, dataset])
@pytest.mark.parametrize(("make", "cls", "x"), [*LOOKS_WRONG.values(), *RIGHT.values()], ids=[*LOOKS_WRONG, *RIGHT])
def test_what_a_step_changes_is_its_own_matter(make: Any, cls: type, x: Any, given: Any) -> None:
    model = make(cls)
    model.compile("sgd", "mse")
    data, targets = given(x)
    model.fit(data, targets, verbose=0)
    assert int(model.optimizer.iterations) > 0


@pytest.mark.parametrize("given", [arrays, dataset])
def test_lenient_scales_at_the_entry_what_a_step_hands_on(given: Any) -> None:
    weights = []
    for x, mode in ((BYTES, "lenient"), (FLOATS / 255, "strict")):
        keras.utils.set_random_seed(3)
        model = images(Stepwise)
        model.compile("sgd", "mse")
        data, targets = given(x)
        with tl.mode(mode):
            model.fit(data, targets, epochs=2, shuffle=False, verbose=0)
            model.evaluate(*[part for part in given(x) if part is not None], verbose=0)
        assert len(tl.repairs(model)) == (mode == "lenient")
        weights.append(model.get_weights())
    for lenient, scaled in zip(*weights, strict=True):
        np.testing.assert_allclose(lenient, scaled, rtol=1e-4, atol=1e-6)


def test_targets_of_text_are_said_before_keras_fails_on_their_dtype() -> None:
    model = images(Stepwise)
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError, match="is an array of text"):
        model.fit(FLOATS / 255, np.array([["cat"], ["dog"]] * 4), verbose=0)
