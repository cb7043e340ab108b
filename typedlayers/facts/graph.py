"""A model as the calls that it makes, and the tensors between them: the one graph that every rule reads.

A layer in it is a name, a class and its public attributes (`Node.layer`: a live layer, or any bag of the same
attributes), so that a live model, a saved file's config or a changed copy can supply the same graph. A model inside the
model, and a layer of the user's whose calls were seen, are gone through: the graph is flat.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from typedlayers.contracts.contract import Contract, Resolved
from typedlayers.diagnostics.subject import Subject
from typedlayers.spec import Shape, Spec, SpecTree

LONGEST = 64
"""How many calls a way has at the most."""


class Maker(enum.Enum):
    """Whose code computes a call."""

    KERAS = "a layer of Keras"
    USER = "a layer of the user's"
    FUNCTION = "a Lambda"
    OP = "an op"


class MaskHandling(enum.Enum):
    """What an operation does with the mask of what it gets."""

    KEEPS = "keeps"
    """It hands the mask on, or makes one."""
    TAKES = "takes"
    """It computes with the mask: a recurrent layer, attention, an average."""
    HAS_ITS_OWN = "has its own"
    """It would take the mask, but was given another one, or needs none."""
    DROPS = "drops"
    """It goes on without the mask; steps stay steps."""
    MIXES = "mixes"
    """It goes on without the mask and joins the steps to one vector."""
    MOVES = "moves"
    """It goes on without the mask and puts the axes elsewhere."""
    UNKNOWN = "unknown"
    """A model, or a layer of the user's: what happens inside is not known."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A tensor of a model.

    Attributes:
        key: tells it from the others.
        spec: its dtype and shape.
        masked: whether a mask is attached to it.
    """

    key: int
    spec: Spec
    masked: bool = False

    @property
    def shape(self) -> Shape | None:
        """Its shape."""
        return self.spec.shape


@dataclass(frozen=True, slots=True)
class BareVariable:
    """A trainable variable of TensorFlow that a layer holds itself, so that Keras does not know it.

    Attributes:
        attribute: the attribute that holds it.
        shape: its shape.
        dtype: its dtype.
    """

    attribute: str
    shape: tuple[int | None, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class IdsGiven:
    """The ids that a preprocessing layer makes of what it gets.

    Attributes:
        count: how many there are, from 0; the places of unknown entries and of masked ones too.
        words: whether they stand for the words of a text.
        ordered: whether a greater id stands for a greater value.
        limit: the argument that limits their number, where nothing was learnt yet; empty if the count is known.
    """

    count: int
    words: bool = False
    ordered: bool = False
    limit: str = ""


def no_ids() -> IdsGiven | None:
    """It makes no ids."""
    return None


def nothing(_: Spec) -> Spec | None:
    """Nothing is inferred."""
    return None


def yes() -> bool:
    """It does."""
    return True


def no() -> bool:
    """It does not."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One call of a layer or an op.

    Attributes:
        subject: whom messages about it are about.
        kind: the Keras class or op whose computation it does: ``"Dense"``; empty for code of the user's.
        layer: the layer's public attributes: the layer itself, or anything that has the same.
        resolved: the layer's contract, None if it has none.
        gets: the tensors that it is called on.
        gives: the tensors that it returns.
        specs: the arguments that its contract speaks of, by name.
        values: all arguments of the call, by name.
        maker: whose code computes it.
        handling: what it does with a mask.
        allowed: codes that the user silenced for it.
        fresh: whether its weights are as their initializers made them, or are not made yet.
        built: whether its weights are made.
        learns: whether it has weights that are to be trained.
        users: whether the user's own code is known to have made the layer: that of Keras makes backbones.
        bases: the names of the Keras classes that its class derives from, itself included.
        activation: the name of its activation, if that is a function of Keras's.
        inside: the layer inside a wrapper over time, without tensors.
        encodes: the ``output_mode`` of a preprocessing layer, empty of every other.
        padding: the argument that is a mask of the padding, where the steps to keep are asked for; empty if none is.
        infer: the framework's own shape inference: what the layer gives for a spec, None if unknown.
        ids: the ids that it makes, None if it makes none; asked for only where it matters.
        conducts: whether a gradient of its result reaches its arguments; asked for only where it matters.
        joins: whether its activation, a function of the user's, makes a sample depend on the others of its batch.
    """

    subject: Subject
    kind: str = ""
    layer: Any = None
    resolved: Resolved | None = None
    gets: tuple[Edge, ...] = ()
    gives: tuple[Edge, ...] = ()
    specs: Mapping[str, SpecTree] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    maker: Maker = Maker.KERAS
    handling: MaskHandling = MaskHandling.UNKNOWN
    allowed: frozenset[str] = frozenset()
    fresh: bool = True
    built: bool = False
    learns: bool = False
    users: bool = True
    bases: frozenset[str] = frozenset()
    activation: str = ""
    inside: Node | None = None
    encodes: str = ""
    padding: str = ""
    infer: Callable[[Spec], Spec | None] = nothing
    ids: Callable[[], IdsGiven | None] = no_ids
    conducts: Callable[[], bool] = yes
    joins: Callable[[], bool] = no

    @property
    def contract(self) -> Contract | None:
        """The catalogue's contract of the layer, None if it has none of it."""
        return None if self.resolved is None else self.resolved.contract

    @property
    def single_input(self) -> Edge | None:
        """The one tensor that it gets, None if there are several."""
        return self.gets[0] if len(self.gets) == 1 else None

    def attribute(self, name: str, default: Any = None) -> Any:
        """Returns a public attribute of the layer."""
        return getattr(self.layer, name, default)

    @property
    def core(self) -> Node:
        """The layer inside a wrapper over time, which makes its values; every other layer itself."""
        return self if self.inside is None else self.inside.core


@dataclass(frozen=True, slots=True)
class Graph:
    """The calls of a model, in the order in which they run.

    Attributes:
        label: the model in the user's names.
        nodes: its calls.
        inputs: the tensors that go in.
        outputs: the tensors that come out.
        names: the names of the outputs.
        whole: True if these are all calls: what a model computes besides is then nothing.
        floatx: Keras's default dtype.
    """

    label: str
    nodes: tuple[Node, ...] = ()
    inputs: tuple[Edge, ...] = ()
    outputs: tuple[Edge, ...] = ()
    names: tuple[str, ...] = ()
    whole: bool = True
    floatx: str = "float32"

    def consumers(self, edge: Edge) -> Iterator[Node]:
        """Yields the calls that take a tensor."""
        return (node for node in self.nodes if any(one.key == edge.key for one in node.gets))

    def has_one_use(self, edge: Edge) -> bool:
        """Returns True if one call takes a tensor, which is no output of the model."""
        return len(list(self.consumers(edge))) == 1 and all(one.key != edge.key for one in self.outputs)

    def maker(self, edge: Edge) -> Node | None:
        """Returns the call that gives a tensor, None for an input."""
        return next((node for node in self.nodes if any(one.key == edge.key for one in node.gives)), None)

    def ways_from(self, edge: Edge, longest: int = LONGEST) -> Iterator[tuple[tuple[Node, ...], tuple[Spec, ...]]]:
        """Yields the ways of a tensor: the calls on each, and what each call gets.

        A way ends where the tensor meets others (the merge is still on it), or at the model's end.
        """
        following = tuple(self.consumers(edge))
        if not following or longest <= 0:
            yield (), ()
            return
        for node in following:
            alone = len(node.gets) == 1 and len(node.gives) == 1
            rests = self.ways_from(node.gives[0], longest - 1) if alone else iter([((), ())])
            for nodes, specs in rests:
                yield (node, *nodes), (edge.spec, *specs)

    def way_to(self, edge: Edge) -> Iterator[Node]:
        """Yields the calls that led to a tensor, the last one first, until several meet or the input is reached."""
        node = self.maker(edge)
        while node is not None:
            yield node
            came = node.single_input
            node = None if came is None else self.maker(came)
