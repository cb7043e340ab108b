"""TL525, TL526, TL626 to TL629: how long a training is, and what watches it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

import typedlayers as tl
from tests.rules.targets.facts import HEAD as SUBJECT
from tests.rules.targets.facts import MODEL, a_head, a_loss, told
from tests.rules.training.facts import fitted, watching
from typedlayers import layers as L
from typedlayers.bridge.fitting import fitting_of
from typedlayers.diagnostics.model import Certainty
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.fitting import Epochs
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.training import (
    fixed_schedule,
    no_epochs,
    shuffled_states,
    spent_generator,
    uneven_epochs,
    wrong_direction,
)

LOSS = a_loss("mean_squared_error")


def lasting(**epochs: Any) -> Evidence:
    return fitted(a_head((1,)), LOSS, epochs=Epochs(**epochs))


class Keeping:
    """Public attributes of a layer that keeps its states."""

    stateful = True


def keeping(*, batches: int = 4, shuffles: bool = True) -> Evidence:
    evidence = fitted(a_head((1,)), LOSS, epochs=Epochs(batches=batches), shuffles=shuffles)
    node = Node(subject=replace(SUBJECT, kind="LSTM", label='LSTM "reader"'), kind="LSTM", layer=Keeping())
    return replace(evidence, graph=Graph(MODEL, (node,)))


def watched(monitor: str, mode: str, **more: Any) -> Evidence:
    return fitted(a_head((1,)), LOSS, watchers=(watching(monitor, mode=mode, **more),))


WRONG = {
    "a generator": (
        spent_generator,
        lasting(last=3, spent=True),
        f"the generator for {MODEL} gives each of its batches once, and 3 epochs are to draw from it",
    ),
    "more steps than batches": (
        uneven_epochs,
        lasting(last=3, steps=8, batches=4),
        f"x for {MODEL}: 4 batches, and each epoch ends after them, before its 8 steps",
    ),
    "a rest": (
        uneven_epochs,
        lasting(last=3, steps=3, batches=4),
        f"x for {MODEL}: 4 batches, and after 1 of 3 steps an epoch of 1 follows",
    ),
    "no epoch": (
        no_epochs,
        lasting(first=5, last=3),
        f"fit of {MODEL} begins with epoch 5 and ends before epoch 3: nothing is trained",
    ),
    "a schedule": (
        fixed_schedule,
        fitted(a_head((1,)), LOSS, scheduled=("ReduceLROnPlateau",)),
        f"ReduceLROnPlateau cannot set the learning rate of {MODEL}: its optimizer follows a schedule",
    ),
    "less accuracy": (
        wrong_direction,
        watched("val_accuracy", "min"),
        f'EarlyStopping of {MODEL} is told mode="min" for "val_accuracy", of which more is better',
    ),
    "more loss": (
        wrong_direction,
        watched("val_loss", "max"),
        f'EarlyStopping of {MODEL} is told mode="max" for "val_loss", of which less is better',
    ),
    "states": (
        shuffled_states,
        keeping(),
        'LSTM "reader" keeps its states from batch to batch, and fit draws the samples in another order',
    ),
}
RIGHT = {
    "one epoch of a generator": (spent_generator, lasting(last=1, spent=True)),
    "the last epoch of a generator": (spent_generator, lasting(first=2, last=3, spent=True)),
    "a generator with steps": (spent_generator, lasting(last=3, steps=4, spent=True)),
    "steps that divide": (uneven_epochs, lasting(last=4, steps=2, batches=4)),
    "one short epoch": (uneven_epochs, lasting(last=1, steps=3, batches=4)),
    "short epochs that fit": (uneven_epochs, lasting(last=2, steps=3, batches=7)),
    "an unknown number": (uneven_epochs, lasting(last=9, steps=3)),
    "an epoch more": (no_epochs, lasting(first=5, last=6)),
    "no epochs, as was asked": (no_epochs, lasting(first=0, last=0)),
    "no schedule": (fixed_schedule, fitted(a_head((1,)), LOSS)),
    "more accuracy": (wrong_direction, watched("val_accuracy", "max")),
    "by itself": (wrong_direction, watched("val_accuracy", "auto")),
    "a value of the user's": (wrong_direction, watched("val_gain", "max")),
    "a checkpoint of each epoch": (wrong_direction, watched("loss", "max", kind="ModelCheckpoint", acts=False)),
    "in order": (shuffled_states, keeping(shuffles=False)),
    "one batch": (shuffled_states, keeping(batches=1)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    rule, evidence, headline = WRONG[name]
    assert [one.headline for one in told(rule.RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    rule, evidence = RIGHT[name]
    assert told(rule.RULE, evidence) == []


def test_a_callback_may_stop_a_generator() -> None:
    evidence = fitted(a_head((1,)), LOSS, epochs=Epochs(last=3, spent=True), stops=True)
    (one,) = told(spent_generator.RULE, evidence)
    assert one.certainty is Certainty.PERHAPS


# ------------------------------------------------------------------------------------------- what Keras is given
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
