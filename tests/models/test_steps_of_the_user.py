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
def test_lenient_refuses_bytes_that_it_cannot_put_a_layer_before(given: Any) -> None:
    model = images(Stepwise)
    model.compile("sgd", "mse")
    data, targets = given(BYTES)
    with tl.mode("lenient"), pytest.raises(tl.ContractError, match="TL401"):
        model.fit(data, targets, verbose=0)
    assert int(model.optimizer.iterations) == 0
    assert not tl.repairs(model)


def test_targets_of_text_are_said_before_keras_fails_on_their_dtype() -> None:
    model = images(Stepwise)
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError, match="is an array of text"):
        model.fit(FLOATS / 255, np.array([["cat"], ["dog"]] * 4), verbose=0)


# -------------------------------------------------------------------------- what a dataset alone can show
TABLE = np.ones((8, 3), "float32")


def table(cls: type) -> Any:
    return cls([tl.Input((3,)), layers.Dense(4), layers.Dense(1)])


def sequences(cls: type) -> Any:
    return cls([tl.Input((None, 1)), layers.LSTM(2), layers.Dense(1)])


def of_any_rank(cls: type) -> Any:
    return cls([layers.Dense(4), layers.Dense(1)])


def without_shapes() -> Any:
    return tf.data.Dataset.from_generator(lambda: iter([(TABLE, Y)]), output_types=(tf.float32, tf.float32))


def ragged() -> Any:
    x = tf.ragged.constant([[[1.0], [2.0]], [[3.0]]] * 4, ragged_rank=1)
    return tf.data.Dataset.from_tensor_slices((x, Y)).batch(4)


def without_labels() -> Any:
    return tf.data.Dataset.from_tensor_slices(TABLE).batch(4)


def unbatched() -> Any:
    return tf.data.Dataset.from_tensor_slices((np.ones((8, 5, 3), "float32"), Y))


class Alone(Stepwise):
    """Trains on inputs alone: they are the targets too."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return super().train_step((data, data))


class SetsShapes(Stepwise):
    """Sets what the dataset does not tell, before it calls the model."""

    change = staticmethod(lambda x: tf.ensure_shape(x, (None, 3)))

    def train_step(self, data: Any) -> dict[str, Any]:
        return super().train_step((data[0], tf.ensure_shape(data[1], (None, 1))))


class Takes(Stepwise):
    """Takes what it was given for x, whatever that is."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        return super().train_step((x, y))


@pytest.mark.parametrize(
    ("make", "given", "code"),
    [
        (table, without_shapes, "TL510"),
        (sequences, ragged, "TL511"),
        (table, without_labels, "TL609"),
        (of_any_rank, unbatched, "TL503"),
    ],
)
def test_what_a_dataset_shows_is_said_before_a_step_runs(make: Any, given: Any, code: str) -> None:
    model = make(Takes)
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError) as caught:
        model.fit(given(), verbose=0)
    assert [one.code for one in caught.value.diagnostics] == [code]
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (lambda: Alone([tl.Input((3,)), layers.Dense(3)]), without_labels),
        (lambda: table(SetsShapes), without_shapes),
    ],
)
def test_what_a_step_makes_good_is_no_mistake(model: Any, given: Any) -> None:
    made = model()
    made.compile("sgd", "mse")
    made.fit(given(), verbose=0)
    assert int(made.optimizer.iterations) > 0


class Rounded(layers.Layer):
    def call(self, x: Any) -> Any:
        return keras.ops.round(x)


def test_a_gradient_cut_in_a_step_of_the_user_is_a_perhaps() -> None:
    """The step may train the layers before the cut by a loss of its own."""
    model = Takes([tl.Input((3,)), layers.Dense(4, name="low"), Rounded(name="cut"), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.warns(tl.ContractWarning, match=r"TL717\] perhaps: .*Dense \"low\" before it never learns"):
        model.fit(TABLE, Y, verbose=0)


def test_training_in_a_step_of_the_user_is_what_later_data_are_compared_with() -> None:
    model = images(Stepwise)
    model.compile("sgd", "mse")
    model.fit(FLOATS / 127.5 - 1, Y, verbose=0)
    with pytest.warns(tl.ContractWarning, match="TL406"):
        model.predict(FLOATS / 255, verbose=0)
