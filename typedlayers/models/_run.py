"""One run of the trainer: what waits for its first batch, and what was seen. Nothing of it stays on the model."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import keras

from typedlayers.bridge.marks import Mark
from typedlayers.facts.data import Batch
from typedlayers.facts.ranges import ValueFacts

Look = Callable[[Any], None]
"""Looks at one batch, as the data source gave it; raises to stop the run before its first step."""


@dataclass(slots=True)
class TrainerRun:
    """What is known in one run of ``fit``, ``evaluate``, ``predict`` or a method on one batch, for a ``with`` block.

    A run inside it, as in a callback, has notes of its own.

    Attributes:
        looks: looks that wait for a first batch, by the attribute that holds the step function.
        training: the data that are trained on, None if nothing is known.
        testing: the data that are tested on.
        unseen: validation data that were not compared with what is trained on yet, None if there are none.
        handed_on: the data as a step of the user's called the model on them, if that was the very x that was drawn.
        outputs: what the model returned last.
        model: the model that runs.
        steps: the attributes that hold its step functions.
        source: what the data are known again by, None if they are drawn once.
        looked: whether the training data were looked at by the run before, and nothing was found.
        before: the weights as they were before a training, None if it is not known.
        learned: what training sees of the values of each input, with the dtype in which the layers get them.
        outer: the run that this one is inside of, as in a callback; None if there is none.
        token: takes it back out of the context.
    """

    looks: dict[str, Look] = field(default_factory=dict)
    training: Batch | None = None
    testing: Batch | None = None
    unseen: Batch | None = None
    handed_on: Batch | None = None
    outputs: Any = None
    model: Any = None
    steps: tuple[str, ...] = ()
    source: Any = None
    looked: bool = False
    before: Mark | None = None
    learned: dict[str, tuple[ValueFacts, str]] = field(default_factory=dict)
    outer: TrainerRun | None = None
    token: contextvars.Token[TrainerRun | None] | None = None

    def __enter__(self) -> TrainerRun:
        self.outer = _run.get()
        self.token = _run.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self.token is not None:
            _run.reset(self.token)

    def data(self, *, training: bool) -> Batch | None:
        """Returns the data that are trained on, or tested on."""
        return self.training if training else self.testing

    def gave(self, y_pred: Any) -> bool:
        """Returns True if an output is just what the model returned: then its last layer is known."""
        given, returned = keras.tree.flatten(y_pred), keras.tree.flatten(self.outputs)
        return len(given) == len(returned) and all(map(_same, given, returned))


def _same(one: object, two: object) -> bool:
    return one is two


_run: Final[contextvars.ContextVar[TrainerRun | None]] = contextvars.ContextVar("typedlayers_trainer_run", default=None)


def steps_in_use(model: Any) -> set[str]:
    """Returns the step functions of a model's runs that go on when the innermost run has ended."""
    found, run = set[str](), _run.get()
    while run is not None and run.outer is not None:
        run = run.outer
        if run.model is model:
            found |= set(run.steps)
    return found


def current_run() -> TrainerRun | None:
    """Returns the innermost run of this context, None outside of any."""
    return _run.get()
