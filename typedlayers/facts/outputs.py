"""One output of a model as the loss sees it, and the way that led there."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from typedlayers.catalogue.activations import Activation
from typedlayers.diagnostics.edit import Argument, Remove, Replace
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import Shape, Size, Spec


class Kind(enum.Enum):
    """What a layer does with the axes between the batch and the last one."""

    DENSE = "a dense layer: each position by itself, with units of its own"
    APART = "each position by itself"
    PER_STEP = "each step by itself; a sequence is needed"
    ALL_STEPS = "recurrent: one result for each step"
    LAST_STEP = "recurrent: one result for the sequence"
    MIXED = "positions are mixed, moved or made"


@dataclass(frozen=True, slots=True)
class Stage:
    """One layer on the way to an output.

    Attributes:
        subject: the layer in the user's names.
        kind: what it does with positions.
        gets: the shape that reaches it.
        gives: the shape that it gives.
    """

    subject: Subject
    kind: Kind
    gets: Shape | None
    gives: Shape | None

    @property
    def line(self) -> str:
        """The layer, and its line if that is known."""
        where = self.subject.where
        return self.subject.label if where.line is None else f"{self.subject.label} (line {where.line})"


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several tensors that are merged, with broadcasting, into an output.

    Attributes:
        label: the layer that gives it, in the user's names.
        short: what a fix calls that layer.
        shape: its shape.
    """

    label: str
    short: str
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Width:
    """The constructor argument that sets an output's last axis.

    Attributes:
        argument: ``units`` or ``filters``.
        label: the layer that has it, in the user's names.
    """

    argument: str
    label: str

    def of(self, size: int) -> Argument:
        """The edit that gives it another size."""
        return Argument(self.label, self.argument, str(size))


@dataclass(frozen=True, slots=True)
class Squash:
    """What gives an output its activation.

    Attributes:
        subject: the layer; its short name is that of the layer inside a wrapper.
        argument: whether its constructor takes the activation; otherwise the layer is nothing but one.
    """

    subject: Subject
    argument: bool

    def to(self, activation: str | None) -> Argument | Remove | Replace:
        """The edit that gives it another activation, None for no activation."""
        if self.argument:
            value = "None" if activation is None else f'"{activation}"'
            return Argument(self.subject.short, "activation", value)
        if activation is None:
            return Remove(self.subject.short)
        return Replace(self.subject.short, f'layers.Activation("{activation}")')


@dataclass(frozen=True, slots=True)
class Head:
    """One output of a model.

    Attributes:
        name: the output's name.
        subject: the layer that makes its values.
        spec: what it gives, the batch axis first.
        activation: what is known of its values, None if nothing is.
        squash: what gives it its activation, None if that is the layer itself.
        trained: whether the values before the activation are those of free weights, so that they can be any number.
        again: the layer whose sigmoid or softmax the head's activation is applied to once more, None if there is none.
        bare: whether Keras finds the logits behind its sigmoid or softmax.
        width: what sets its last axis, None if unknown.
        masked: whether a mask of the input reaches the loss.
        stages: the layers on the way to it, as far back as it is a single way, the last one first.
        inputs: the shapes of the model's inputs.
        branches: what is merged into it, if a layer that broadcasts makes it of several tensors.
        only: whether it is the model's only output.
    """

    name: str
    subject: Subject
    spec: Spec
    activation: Activation | None = None
    squash: Squash | None = None
    trained: bool = False
    again: Squash | None = None
    bare: bool = False
    width: Width | None = None
    masked: bool = False
    stages: tuple[Stage, ...] = field(default_factory=tuple)
    inputs: tuple[Shape | None, ...] = ()
    branches: tuple[Branch, ...] = ()
    only: bool = True

    @property
    def shape(self) -> Shape | None:
        """Its shape."""
        return self.spec.shape

    @property
    def classes(self) -> Size:
        """The size of its last axis."""
        return self.spec.shape[-1] if self.spec.shape else None

    def activated(self, activation: str | None) -> Argument | Remove | Replace:
        """The edit that gives it another activation, None for no activation."""
        return (self.squash or Squash(self.subject, argument=True)).to(activation)
