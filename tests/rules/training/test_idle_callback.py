"""TL615: callbacks whose value is never there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, an_array, told
from tests.rules.training.facts import LOGS, fitted, watching
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.fitting import Logs, Watcher
from typedlayers.rules.training.idle_callback import RULE


def watched(*watchers: Watcher, logs: Logs = LOGS, validated: bool = True) -> Evidence:
    head, loss = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
    return fitted(head, loss, an_array((8,)), watchers=watchers, logs=logs, validated=validated)


WRONG = {
    "no validation data": (
        watched(watching("val_loss", needs_direction=True), validated=False),
        f'EarlyStopping of {MODEL} watches "val_loss", but there are no validation data',
    ),
    "the best checkpoint": (
        watched(watching("val_accuracy", "ModelCheckpoint"), validated=False),
        f'ModelCheckpoint of {MODEL} watches "val_accuracy", but there are no validation data',
    ),
    "a metric of another name": (
        watched(watching("val_acc", "ReduceLROnPlateau")),
        f'ReduceLROnPlateau of {MODEL} watches "val_acc", which is none of its values',
    ),
    "values of unknown names, none of which is the validation's": (
        watched(watching("val_f1"), logs=replace(LOGS, unnamed=True), validated=False),
        f'EarlyStopping of {MODEL} watches "val_f1", but there are no validation data',
    ),
}

RIGHT = {
    "the loss": watched(watching("loss"), validated=False),
    "validation data": watched(watching("val_loss"), watching("val_accuracy")),
}

LOOKS_WRONG = {
    "a checkpoint of every epoch": watched(watching("val_loss", "ModelCheckpoint", acts=False), validated=False),
    "a callback that may add it": watched(watching("val_f1"), logs=replace(LOGS, open=True), validated=False),
    "a metric whose result may be a dict": watched(watching("val_f1"), logs=replace(LOGS, unnamed=True)),
    "one of two outputs": watched(watching("val_a_accuracy"), logs=replace(LOGS, outputs=("a", "b"))),
    "the second metric of a name": watched(watching("val_accuracy_1")),
    "the learning rate that another callback logs": watched(
        watching("learning_rate"), logs=replace(LOGS, others=("loss", "learning_rate"))
    ),
    "what Keras stops at, which another rule tells": watched(watching("val_acc", needs_direction=True)),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    evidence, headline = WRONG[name]
    assert [one.headline for one in told(RULE, evidence)] == [headline]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert told(RULE, RIGHT[name]) == []


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_looks_wrong(name: str) -> None:
    assert told(RULE, LOOKS_WRONG[name]) == []
