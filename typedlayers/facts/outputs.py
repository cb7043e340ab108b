"""The outputs of a model as the loss sees them, and the way that leads to each: read from the graph alone."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from typedlayers.catalogue.activations import ACTIVATIONS, Activation
from typedlayers.contracts.contract import Positions
from typedlayers.diagnostics.edit import Argument, Remove, Replace
from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.facts.samples import Departure, departures
from typedlayers.spec import Shape, Size, Spec


class Kind(enum.Enum):
    """How a layer treats the axes between the batch and the last one."""

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
        kind: how it treats positions.
        gets: the shape of its input.
        gives: the shape of its output.
    """

    subject: Subject
    kind: Kind
    gets: Shape | None
    gives: Shape | None

    @property
    def line(self) -> str:
        """The layer, and its line if that is known."""
        return self.subject.line


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several tensors that are merged, with broadcasting, into an output.

    Attributes:
        label: the layer that returns it, in the user's names.
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
        """Returns the edit that gives it another size."""
        return Argument(self.label, self.argument, str(size))


@dataclass(frozen=True, slots=True)
class Squash:
    """The layer that applies an output's activation.

    Attributes:
        subject: the layer; its short name is that of the layer inside a wrapper.
        argument: True if its constructor takes the activation; otherwise the layer is nothing but one.
    """

    subject: Subject
    argument: bool

    def to(self, activation: str | None) -> Argument | Remove | Replace:
        """Returns the edit that gives it another activation, None for no activation."""
        if self.argument:
            value = "None" if activation is None else f'"{activation}"'
            return Argument(self.subject.short, "activation", value)
        if activation is None:
            return Remove(self.subject.short)
        return Replace(self.subject.short, f'layers.Activation("{activation}")')


@dataclass(frozen=True, slots=True)
class Under:
    """An activation to whose values another one is applied.

    Attributes:
        activation: what is known of its values.
        squash: the layer that applies it.
    """

    activation: Activation
    squash: Squash


@dataclass(frozen=True, slots=True)
class Head:
    """One output of a model.

    Attributes:
        name: the output's name.
        subject: the layer that makes its values.
        spec: its dtype and shape, the batch axis first.
        activation: what is known of its values, None if nothing is.
        squash: the layer that applies its activation, None if that is the subject.
        trained: True if free weights make the values before the activation, so that they can be any number.
        again: the layer whose sigmoid or softmax the output's activation is applied to once more, None if none.
        under: what the layer before it applies already, where its own layer is nothing but an activation.
        bare: True if Keras finds the logits before its sigmoid or softmax.
        width: the argument that sets its last axis, None if unknown.
        masked: True if a mask of the input reaches the loss.
        stages: the layers on the way to it, as far back as it is a single way, the last one first.
        inputs: the shapes of the model's inputs.
        branches: what is merged into it, if a layer that broadcasts makes it of several tensors.
        departure: the call that took the batch axis from it, None if none is known.
        sums_along: the axis, not the last, along which the softmax that makes it sums to 1; None if it is no such one.
        only: True if it is the model's only output.
    """

    name: str
    subject: Subject
    spec: Spec
    activation: Activation | None = None
    squash: Squash | None = None
    trained: bool = False
    again: Squash | None = None
    under: Under | None = None
    bare: bool = False
    width: Width | None = None
    masked: bool = False
    stages: tuple[Stage, ...] = field(default_factory=tuple)
    inputs: tuple[Shape | None, ...] = ()
    branches: tuple[Branch, ...] = ()
    departure: Departure | None = None
    sums_along: int | None = None
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
        """Returns the edit that gives it another activation, None for no activation."""
        return (self.squash or Squash(self.subject, argument=True)).to(activation)


# ----------------------------------------------------------------------------------- from the graph
RECURRENT: Final = frozenset({"SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional"})

MOVING: Final = frozenset({"Reshape", "Flatten", "Permute", "Identity", "RepeatVector"})
"""Layers that only move values: the activation is that of the layer before."""

BROADCASTING: Final = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"})

NORMALIZING: Final = frozenset({"BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"})
"""Layers that mix positions or samples and yet keep the last axis as it is."""


def heads_of(graph: Graph) -> tuple[Head, ...]:
    """Returns the outputs of a model, none if it is not known how ``compile`` and ``fit`` call them."""
    if len(graph.names) != len(graph.outputs):
        return ()
    named, departed = zip(graph.names, graph.outputs, strict=True), departures(graph)
    return tuple(_head(graph, name, edge, departed.get(edge.key)) for name, edge in named)


def _head(graph: Graph, name: str, edge: Edge, departure: Departure | None) -> Head:
    way = tuple(graph.way_to(edge))
    unmoved = _without_moves(way)
    made = unmoved[0] if unmoved else None
    moves = way[: len(way) - len(unmoved)]
    maker = made or (way[0] if way else None)
    activation = None if made is None else activation_of(made)
    if activation is not None and activation.sums_to_one and not all(map(_leaves_last_axis, moves)):
        activation = None  # reshaped, the last axis need not be the one that sums to 1
    shape = edge.shape
    return Head(
        name,
        Subject(name, f'"{name}"', Location()) if maker is None else _subject(maker),
        edge.spec.with_(shape=(None, *shape[1:]) if shape else shape),
        activation,
        None if made is None or activation is None else squash_of(made),
        trained=made is not None and _is_free(made),
        again=_squashed_before(unmoved),
        under=_under(unmoved),
        bare=made is not None and not moves and edge.spec.dtype == graph.floatx and _keeps_logits(made),
        width=_width_along(way),
        masked=edge.masked,
        stages=tuple(_stage(node) for node in way if node.maker is not Maker.OP),
        inputs=tuple(one.shape for one in graph.inputs),
        branches=() if made is None else tuple(_branches(graph, made)),
        departure=departure,
        sums_along=None if made is None or moves or made.core.kind != "Softmax" else _other_axis(made.core),
        only=len(graph.outputs) == 1,
    )


def _subject(node: Node) -> Subject:
    where = node.subject.where
    return Subject(node.subject.label, node.subject.short, Location(where.file, where.line, where.what), node.kind)


def _without_moves(way: Sequence[Node]) -> tuple[Node, ...]:
    """The way without the layers at its end that return the values of their input in another shape."""
    for index, node in enumerate(way):
        linear = node.kind == "Activation" and node.activation == "linear"
        if node.maker is Maker.OP or not (linear or node.kind in MOVING):
            return tuple(way[index:])
    return ()


def activation_of(node: Node) -> Activation | None:
    """Returns what is known of a layer's values; None for a layer whose computation is not Keras's own."""
    node = node.core
    if node.maker is Maker.OP or not node.kind:
        return None
    if node.kind == "Softmax":
        return ACTIVATIONS["softmax"] if _is_along_last(node) else None
    if node.kind == "ReLU":
        return _relu(node)
    known = ACTIVATIONS.get(node.activation)
    if known is not None and known.sums_to_one and node.kind in RECURRENT:
        return None  # a gate is multiplied into it
    return known


def _is_along_last(node: Node) -> bool:
    """True of a softmax along the last axis, and no other."""
    axis = node.attribute("axis")
    return axis in (-1, None) or (isinstance(axis, int) and _other_axis(node) is None)


def _other_axis(node: Node) -> int | None:
    """The axis along which a softmax sums to 1, None if it is the last one, or several."""
    axis, shape = node.attribute("axis"), node.gets[0].shape if node.gets else None
    if not isinstance(axis, int) or axis == -1 or (shape and axis % len(shape) == len(shape) - 1):
        return None
    return axis % len(shape) if shape else axis


def _relu(node: Node) -> Activation | None:
    if node.attribute("negative_slope") or node.attribute("threshold"):
        return None
    most = node.attribute("max_value")
    return Activation("relu", 0, math.inf if most is None else most)


def squash_of(node: Node) -> Squash:
    """Returns the layer that applies an activation: the layer itself, or the one inside a wrapper over time."""
    core, subject = node.core, _subject(node)
    if core is not node:
        subject = Subject(subject.label, f"{core.subject.label} of {subject.label}", subject.where, subject.kind)
    return Squash(subject, argument=core.kind not in ("Softmax", "ReLU"))


def _squashed_before(way: Sequence[Node]) -> Squash | None:
    """The layer whose sigmoid or softmax a layer that is nothing but an activation squashes again."""
    if len(way) < 2 or way[0].kind not in ("Activation", "Softmax"):
        return None
    two = [activation_of(node) for node in way[:2]]
    squashed = all(one is not None and (one.low, one.high) == (0, 1) for one in two)
    return squash_of(way[1]) if squashed else None


def _under(way: Sequence[Node]) -> Under | None:
    """The activation before a layer that is nothing but one; what only moves or drops values between them is passed."""
    if not way or way[0].kind not in ("Activation", "Softmax"):
        return None
    before = next((node for node in way[1:] if node.kind not in MOVING and node.kind != "Dropout"), None)
    known = None if before is None else activation_of(before)
    return None if before is None or known is None else Under(known, squash_of(before))


def _is_free(node: Node) -> bool:
    """True if a layer's weights can take any value, so that its output before the activation can."""
    core = node.core
    missing = object()
    if core.attribute("kernel_constraint", missing) is missing or not core.attribute("trainable"):
        return False
    return not any(core.attribute(name) for name in ("kernel_constraint", "bias_constraint"))


def _keeps_logits(node: Node) -> bool:
    """True if Keras finds the logits before a layer's activation: it looks at the very tensor of the layer."""
    return node.kind != "TimeDistributed" and node.kind not in RECURRENT


def _width_along(way: Sequence[Node]) -> Width | None:
    """The argument that sets the last axis, followed back through layers that leave that axis as it is."""
    for node in way:
        width = width_of(node)
        if width is not None:
            return width
        if not _keeps_last_axis(node):
            return None
    return None


def _keeps_last_axis(node: Node) -> bool:
    """True if another size of the last axis goes through a layer as it is."""
    came = node.single_input
    if node.maker is not Maker.KERAS or came is None or len(node.gives) != 1:
        return False
    if node.kind in MOVING and node.kind != "Identity":
        target = node.attribute("target_shape")
        # a Reshape that names the last size would have to be changed with it
        return _leaves_last_axis(node) and (target is None or target[-1] == -1)
    contract = node.contract
    apart = contract is not None and contract.positions is Positions.APART
    return came.shape == node.gives[0].shape and (apart or node.kind in NORMALIZING)


def _leaves_last_axis(node: Node) -> bool:
    """True if a layer that only moves values leaves those along the last axis together, in their order."""
    if node.kind != "Reshape":
        return node.kind not in ("Flatten", "Permute")
    came, gave = node.gets[0].shape, node.gives[0].shape
    # in row-major order, rows stay rows if they stay as long
    return bool(came) and bool(gave) and came[-1] is not None and came[-1] == gave[-1]


def width_of(node: Node) -> Width | None:
    """Returns the argument that sets the last axis of a layer's output, None if unknown."""
    core = node.core
    label = core.subject.label if core is node else f"{core.subject.label} of {node.subject.label}"
    if "Dense" in core.bases or core.kind in ("LSTM", "GRU", "SimpleRNN"):
        return Width("units", label)
    last = core.attribute("data_format") == "channels_last" and core.attribute("depth_multiplier") is None
    return Width("filters", label) if last and isinstance(core.attribute("filters"), int) else None


def _stage(node: Node) -> Stage:
    came = node.single_input
    gives = node.gives[0].shape if node.gives else None
    return Stage(_subject(node), kind_of(node), None if came is None else came.shape, gives)


def kind_of(node: Node) -> Kind:
    """Returns how a layer treats the axes between the batch and the last one."""
    if node.bases & RECURRENT:
        return Kind.ALL_STEPS if node.attribute("return_sequences", False) else Kind.LAST_STEP
    if "Dense" in node.bases:
        return Kind.DENSE
    if "TimeDistributed" in node.bases:
        return Kind.PER_STEP
    contract = node.contract
    apart = contract is not None and contract.positions is Positions.APART
    return Kind.APART if apart else Kind.MIXED


def _branches(graph: Graph, node: Node) -> Iterator[Branch]:
    if node.kind not in BROADCASTING or node.maker is Maker.OP:
        return
    for edge in node.gets:
        maker = graph.maker(edge)
        label = maker.subject.label if maker is not None else str(edge.spec.origin or "a branch")
        yield Branch(label, label.partition(" ")[2], edge.shape)
