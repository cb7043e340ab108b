"""What `fit` is given beside the data, as facts."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

import typedlayers as tl
from typedlayers import layers as L
from typedlayers.bridge.fitting import fitting_of
from typedlayers.facts.fitting import Epochs


def facts(x: Any = None, optimizer: Any = "sgd", **given: Any) -> Any:
    model = tl.Sequential([L.Input((4,)), L.Dense(1)])
    model.compile(optimizer, "mse")
    return fitting_of(model, np.ones((64, 4), "float32") if x is None else x, None, given)


def test_batches_of_arrays_without_those_of_the_split() -> None:
    assert facts(batch_size=10, epochs=2, steps_per_epoch=3).epochs == Epochs(0, 2, 3, 7)
    assert facts(validation_split=0.5).epochs.batches == 1


def test_a_generator_is_spent() -> None:
    assert facts((one for one in ((1, 1),)), epochs=2).epochs.spent


def test_callbacks_and_schedules() -> None:
    decay = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    slower = keras.callbacks.ReduceLROnPlateau("loss", mode="min")
    assert facts(optimizer=keras.optimizers.SGD(decay), callbacks=[slower]).scheduled == ("ReduceLROnPlateau",)
    found = facts(optimizer=keras.optimizers.SGD(0.1), callbacks=[slower])
    assert (found.scheduled, found.watchers[0].mode) == ((), "min")


def test_what_is_shuffled() -> None:
    assert [facts(**given).shuffles for given in ({}, {"shuffle": False}, {"shuffle": "batch"})] == [True, False, False]
