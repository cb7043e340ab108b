"""What Keras, TensorFlow or Python refused in words that name neither the layer nor the mistake, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.model import Location
from typedlayers.spec import Shape, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedCall:
    """A call whose arguments are not those that ``call`` has.

    Attributes:
        label: the layer or model in the user's names.
        where: the line that calls it, or its ``call`` if that is the user's own.
        own: whether ``call`` is the user's own.
        parameters: the parameters of ``call`` that have to be given.
        missing: those that were not.
        unknown: names that were given and that ``call`` lacks.
        surplus: how many more positional arguments were given than ``call`` takes.
        layers: layers that were given where their output is needed.
        parts: how many tensors the one argument holds that was given, None if it is no list.
        chain: the Sequential that calls it, in the user's names; empty if none does.
    """

    label: str
    where: Location
    own: bool = False
    parameters: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    surplus: int = 0
    layers: tuple[str, ...] = ()
    parts: int | None = None
    chain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedOp:
    """An op of TensorFlow that failed as it ran.

    Attributes:
        label: the layer that made it, or the model or its loss, in the user's names.
        where: the line that made that layer.
        own: whether the ``call`` of the layer is the user's own.
        said: what TensorFlow says of it, in short.
        index: an id that was looked up, and the number of rows of the table; None if that was not the cause.
        product: the columns of one matrix and the rows of the other, None if that was not the cause.
        came: what the layer got, None if it is not known.
    """

    label: str
    where: Location
    own: bool = False
    said: str = ""
    index: tuple[int, int] | None = None
    product: tuple[int, int] | None = None
    came: Spec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStep:
    """A step of the user's that takes its data apart in another number of parts than it gets.

    Attributes:
        label: the step and its model in the user's names.
        where: the line that takes them apart.
        text: the line itself.
        step: the name of the step: ``train_step``.
        parts: what it gets: ``x``, ``y``, ``sample_weight``.
    """

    label: str
    where: Location
    text: str = ""
    step: str = "train_step"
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlikeWeights:
    """Weights that were made for another model.

    Attributes:
        label: the model, or the layer if that was given them, in the user's names.
        where: the line that gives them.
        layer: the first layer that they do not fit, None if it is only their number that differs.
        last: whether that is the last layer with weights.
        weight: the weight of it, in Keras's name.
        shapes: the shape of that weight, and of what is given for it; None if it is only their number that differs.
        counts: how many weights there are, and how many were given.
    """

    label: str
    where: Location
    layer: str | None = None
    last: bool = False
    weight: str = ""
    shapes: tuple[Shape, Shape] | None = None
    counts: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlikeOptimizer:
    """An optimizer that does not know the weights that it is to train.

    Attributes:
        model: the model in the user's names.
        where: the line that trains it.
        kind: the class of the optimizer.
        layer: the first layer whose weights it does not know, in the user's names.
        others: whether it knows other weights of the model.
    """

    model: str
    where: Location
    kind: str
    layer: str
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGradient:
    """A loss that no weight gets a gradient of.

    Attributes:
        label: the loss and its model in the user's names.
        where: the line that defines the loss.
        cuts: functions in it that pass no gradient: ``argmax``.
    """

    label: str
    where: Location
    cuts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAdapt:
    """Data that an ``adapt`` failed on.

    Attributes:
        label: the layer in the user's names.
        where: the line that calls ``adapt``.
        of_text: whether the layer learns from text.
        code: what was given, as code: ``x``, ``ds`` for a dataset.
        given: the data, or an element of the dataset; None if it is no tensor.
        kind: the class of what was given.
        parts: how many tensors an element of the dataset holds, 1 for data that are no dataset.
    """

    label: str
    where: Location
    of_text: bool = False
    code: str = "x"
    given: Spec | None = None
    kind: str = ""
    parts: int = 1
