"""TL614: callbacks that cannot tell if their value should rise or fall."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.targets.facts import MODEL, a_head, a_loss, an_array, told
from tests.rules.training.facts import LOGS, fitted, watching
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.fitting import Logs, Watcher
from typedlayers.rules.training.unknown_monitor import RULE


def watched(*watchers: Watcher, logs: Logs = LOGS, validated: bool = True) -> Evidence:
    head, loss = a_head((3,), "softmax"), a_loss("sparse_categorical_crossentropy")
    return fitted(head, loss, an_array((8,)), watchers=watchers, logs=logs, validated=validated)


def seeking(monitor: str, kind: str = "EarlyStopping") -> Watcher:
    return watching(monitor, kind, needs_direction=True)


TWO = replace(LOGS, outputs=("a", "b"))
OF = f"EarlyStopping of {MODEL} watches "


def cannot(monitor: str) -> str:
    return OF + f'"{monitor}", and cannot tell whether it should rise or fall'


WRONG = {
    "another name": (watched(seeking("val_acc")), OF + '"val_acc", which is none of its values'),
    "a value that a callback may add": (watched(seeking("f1"), logs=replace(LOGS, open=True)), cannot("f1")),
    "one of two outputs": (watched(seeking("val_a_accuracy"), logs=TWO), cannot("val_a_accuracy")),
    "the loss of one output": (watched(seeking("a_loss"), logs=TWO), cannot("a_loss")),
    "a function of the user's": (
        watched(seeking("score"), logs=replace(LOGS, metrics=("score",))),
        cannot("score"),
    ),
    "without validation data": (
        watched(seeking("val_acc"), validated=False),
        OF + '"val_acc", which is none of its values',
    ),
}

RIGHT = {
    "the metric": watched(seeking("accuracy")),
    "the metric of the validation": watched(seeking("val_accuracy")),
    "the loss": watched(seeking("val_loss")),
}

LOOKS_WRONG = {
    "a direction is given": watched(watching("val_a_accuracy"), logs=TWO),
    "metrics that are not known": watched(seeking("val_f1"), logs=replace(LOGS, directed=None)),
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


def test_the_fix_names_the_metric() -> None:
    (one,) = told(RULE, watched(seeking("val_acc")))
    assert [fix.text for fix in one.fixes] == ['monitor="val_accuracy" in EarlyStopping']
