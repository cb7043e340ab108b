"""What ``fit`` is given beside the data: batch size, class weights, a validation split, callbacks with a monitor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from typedlayers.facts.data import Source

TEXT: Final = "text"
"""Stands for a key that is no number."""


@dataclass(frozen=True, slots=True)
class ClassWeight:
    """The class weights as they were given.

    Attributes:
        kind: the name of their type: ``list``.
        looks_up: True if Keras can look a class up in them; of anything else nothing more is read.
        keys: their keys, a number as a float and anything else as text.
        weights: the weights, None for what is no number.
    """

    kind: str
    looks_up: bool = True
    keys: tuple[float | str, ...] = ()
    weights: tuple[float | None, ...] = ()

    @property
    def classes(self) -> tuple[float, ...]:
        """The keys that can be classes: whole numbers."""
        return tuple(key for key in self.keys if isinstance(key, float) and key.is_integer())


@dataclass(frozen=True, slots=True)
class Watcher:
    """A callback of Keras's own that watches one value of the logs.

    Attributes:
        kind: its class: ``EarlyStopping``.
        monitor: the name that it watches.
        needs_direction: True if it has to find out by itself whether the value should rise or fall.
        acts: True if what it does depends on the value; False of a checkpoint that saves every epoch.
        mode: the direction that it was told: ``min``, ``max``; ``auto`` if it was told none.
    """

    kind: str
    monitor: str
    needs_direction: bool = False
    acts: bool = True
    mode: str = "auto"

    @property
    def of_validation(self) -> bool:
        """Whether it watches a value of the validation data."""
        return self.monitor.startswith(VALIDATION)

    @property
    def value(self) -> str:
        """The name of the value, whatever data it is computed on."""
        return self.monitor.removeprefix(VALIDATION)


VALIDATION: Final = "val_"
"""What Keras puts before the names of values of the validation data."""

_DEFAULT: Final = "loss"


@dataclass(frozen=True, slots=True)
class Logs:
    """The names of the values that an epoch ends with, those of the validation data left out.

    Attributes:
        metrics: the names of the compiled metrics.
        others: the names of all other values.
        directed: the metrics of which Keras knows whether they should rise or fall; None if that is unknown.
        outputs: names of outputs that may stand before them; None if any name may.
        unnamed: True if a metric of the user's may have values of other names.
        open: True if a callback or a step of the user's may add values.
    """

    metrics: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    directed: frozenset[str] | None = None
    outputs: tuple[str, ...] | None = ()
    unnamed: bool = False
    open: bool = False

    def has(self, name: str) -> bool:
        """Returns True if a value may be logged by a name."""
        if name in (_DEFAULT, *self.metrics, *self.others):
            return True
        counted = re.sub(r"_\d+$", "", name)
        plain = counted.removeprefix("weighted_")
        if counted in self.metrics or plain in self.metrics:
            return True
        values = (_DEFAULT, *self.metrics)
        if self.outputs is None:
            return any(plain.endswith(f"_{one}") for one in values)
        return any(plain == f"{output}_{one}" for output in self.outputs for one in values)

    def directs(self, name: str) -> bool:
        """Returns True unless Keras cannot find out whether a value should rise or fall."""
        return self.directed is None or name == _DEFAULT or name in self.directed


@dataclass(frozen=True, slots=True)
class HalfTraining:
    """Weights of float16 that an optimizer with squared gradients trains.

    Attributes:
        layer: the first layer that has such weights, in the user's names.
        optimizer: the optimizer's class.
        epsilon: what it adds to the root of the squares.
    """

    layer: str
    optimizer: str
    epsilon: float


@dataclass(frozen=True, slots=True)
class Epochs:
    """How long ``fit`` trains, and on how many batches.

    Attributes:
        first: the number of the first epoch, ``initial_epoch``.
        last: the number of the epoch that it ends before, ``epochs``.
        steps: ``steps_per_epoch``, None if it was not given.
        batches: how many batches the data hold, None if that is not known or they have no end.
        spent: whether the data are a generator, which gives each of its batches once.
    """

    first: int = 0
    last: int = 1
    steps: int | None = None
    batches: int | None = None
    spent: bool = False

    @property
    def count(self) -> int:
        """How many epochs there are to be."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Fitting:
    """What ``fit`` is given beside the data.

    Attributes:
        source: what the data come from.
        nested: True if y is a list, tuple or dict of arrays.
        class_weight: the class weights, None if there are none.
        split: the share of the data that ``validation_split`` asks for; 0 if it asks for none, or is not heeded.
        validated: True if there are validation data, or a split.
        watchers: the callbacks that watch a value.
        logs: the values that there will be.
        half: weights of float16 that are trained by squared gradients, None if there are none.
        batch: True if it is one batch, of ``train_on_batch``.
        classes: callbacks that are classes, by name.
        frozen: layers that were frozen since the step was traced, in the user's names.
        unfrozen: layers that were made trainable since.
        endless: what has no end and no number of steps: ``x``, ``validation_data``.
        empty: what holds no sample or batch: ``x``, ``validation_data``.
        stops: True if a callback of the user's own may stop the training.
        batch_size: how many samples of arrays Keras puts into a batch; None where it does not cut batches.
        epochs: how long it trains.
        scheduled: callbacks that set the learning rate, where a schedule of the optimizer's does it.
        leaks: whether samples change sides between training and validation data, with each epoch.
        shuffles: whether Keras draws the samples of arrays in an order of its own.
    """

    source: Source = Source.ARRAYS
    nested: bool = False
    class_weight: ClassWeight | None = None
    split: float = 0.0
    validated: bool = False
    watchers: tuple[Watcher, ...] = ()
    logs: Logs = Logs()
    half: HalfTraining | None = None
    batch: bool = False
    classes: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    unfrozen: tuple[str, ...] = ()
    endless: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    stops: bool = False
    batch_size: int | None = None
    epochs: Epochs = Epochs()
    scheduled: tuple[str, ...] = ()
    leaks: bool = False
    shuffles: bool = False
