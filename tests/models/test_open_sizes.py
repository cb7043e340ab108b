"""Outputs whose sizes a model leaves open meet their targets at the sizes of the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from typedlayers import layers

SERIES = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
IMAGES = np.random.default_rng(0).random((4, 8, 8, 3)).astype("float32")


def windows() -> Any:
    """Windows of ten steps: the spec of the dataset does not tell how many."""
    return keras.utils.timeseries_dataset_from_array(SERIES[:-10], SERIES[10:, :1], sequence_length=10, batch_size=8)


def recurrent(steps: int | None, *, every: bool) -> Any:
    return [tl.Input((steps, 4)), layers.LSTM(4, return_sequences=every), layers.Dense(1)]


def maps(**conv: Any) -> Any:
    return [tl.Input((None, None, 3)), layers.Conv2D(1, 3, **conv)]


def of_steps(length: int) -> Any:
    return tf.data.Dataset.from_tensor_slices((SERIES.reshape(12, 5, 4), np.ones((12, length, 1)))).batch(4)


Row = tuple[Callable[[], Any], Callable[[], tuple[Any, ...]]]

WRONG: dict[str, Row] = {
    "every step, one target": (lambda: recurrent(10, every=True), lambda: (windows(),)),
    "every one of any number of steps": (lambda: recurrent(None, every=True), lambda: (windows(),)),
    "arrays": (
        lambda: recurrent(None, every=True),
        lambda: (SERIES.reshape(12, 5, 4), np.ones((12, 1))),
    ),
    "fewer steps": (lambda: recurrent(None, every=True), lambda: (of_steps(4),)),
    "maps that lose their borders": (lambda: maps(), lambda: (IMAGES, IMAGES[..., :1])),
}

RIGHT: dict[str, Row] = {
    "the last step": (lambda: recurrent(None, every=False), lambda: (windows(),)),
    "a target for each step": (lambda: recurrent(None, every=True), lambda: (of_steps(5),)),
    "windows of one step": (
        lambda: recurrent(None, every=True),
        lambda: (SERIES[:, None, :], np.ones((60, 1))),
    ),
    "maps of the size of the images": (lambda: maps(padding="same"), lambda: (IMAGES, IMAGES[..., :1])),
    "maps without the borders": (lambda: maps(), lambda: (IMAGES, IMAGES[:, 1:-1, 1:-1, :1])),
}


def trained(stack: Callable[[], Any], data: Callable[[], tuple[Any, ...]]) -> Any:
    model = tl.Sequential(stack())
    model.compile("sgd", "mse")
    model.fit(*data(), verbose=0)
    return model


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_said_before_the_first_step(name: str) -> None:
    with pytest.raises(tl.ContractError) as caught:
        trained(*WRONG[name])
    assert [one.code for one in caught.value.diagnostics] == ["TL601"]


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.filterwarnings("error::typedlayers.ContractWarning")
def test_what_fits_trains(name: str) -> None:
    trained(*RIGHT[name])


def unequal(x: Any, y: Any) -> dict[str, Callable[[], Any]]:
    """What gives batches of x and y of different lengths."""

    def drawn() -> Any:
        while True:
            yield x, y

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            return x, y

    signature = tuple(tf.TensorSpec((None, *part.shape[1:]), "float32") for part in (x, y))
    return {
        "a generator": drawn,
        "a PyDataset": Batches,
        "a dataset": lambda: tf.data.Dataset.from_generator(drawn, output_signature=signature),
    }


LENGTHS = unequal(SERIES[:8], np.ones((7, 1), "float32"))


@pytest.mark.parametrize("name", LENGTHS)
def test_a_batch_of_unequal_lengths_is_said_before_the_first_step(name: str) -> None:
    model = tl.Sequential([tl.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(tl.ContractError) as caught:
        model.fit(LENGTHS[name](), steps_per_epoch=2, verbose=0)
    assert [one.code for one in caught.value.diagnostics] == ["TL505"]
    assert int(model.optimizer.iterations) == 0
