"""What the user's code does once, as a step is traced, and what a step of hers leaves out."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from typedlayers.diagnostics.model import Location
from typedlayers.facts.calls import At


class Kept(enum.Enum):
    """What Python computes once where the program means every batch."""

    DRAWN = "random numbers"
    COUNTED = "a number that is counted"


@dataclass(frozen=True, slots=True)
class Once:
    """A piece of Python in code that is traced.

    Attributes:
        kind: what it computes.
        text: how it stands in the code: ``np.random.normal``, ``self.steps``.
        where: the function that it stands in, in the user's names: ``call of Noise "noise"``.
        at: its line.
        pipeline: whether the function makes elements of a dataset.
    """

    kind: Kept
    text: str
    where: str
    at: At
    pipeline: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """A layer with weights that code of a model uses, and that is a layer of nothing in the model.

    Attributes:
        label: the layer in the user's names.
        where: the function that uses it, in the user's names: ``call of Net "net"``.
        at: its line.
        model: the model.
        function: whether the function is one of a Lambda.
    """

    label: str
    where: str
    at: At
    model: str
    function: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """A loss of the user's that gives one number for a batch whose samples are weighted.

    Attributes:
        label: the loss and its model in the user's names.
        where: the line that defines it.
        weights: the argument that weights the samples: ``sample_weight``, ``class_weight``.
    """

    label: str
    where: Location
    weights: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A loss of the user's whose parameters have the names of output and targets, in this order.

    Attributes:
        label: the loss and its model in the user's names.
        where: the line that defines it.
        names: its two parameters.
    """

    label: str
    where: Location
    names: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unscaled:
    """A step of the user's that does not scale its loss, though the optimizer divides its gradients by the scale.

    Attributes:
        step: the step in the user's names.
        at: the line that applies the gradients.
    """

    step: str
    at: At


@dataclass(frozen=True, slots=True)
class Untold:
    """A call of the model in a step or loop of the user's that does not say that it is training.

    Attributes:
        text: the call: ``self(x)``.
        said: the same with ``training=True``.
        step: the step in the user's names: ``train_step of Net "net"``.
        at: its line.
        layers: the layers that do something else in training, in the user's names.
    """

    text: str
    said: str
    step: str
    at: At
    layers: tuple[str, ...]
