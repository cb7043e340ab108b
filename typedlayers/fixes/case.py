"""A case: the evidence of a mistake, which an edit changes as it would change the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.facts.data import Batch
from typedlayers.facts.evidence import Evidence
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.facts.inputs import Inputs
from typedlayers.facts.training import GivenLoss, GivenMetric
from typedlayers.spec import Spec, SpecTree


class Unprovable(Exception):
    """What an edit makes of the program is not known."""


class Tools(Protocol):
    """What only a framework can make: layers, losses and arrays of the code of an edit."""

    def changed(self, node: Node, inside: str, name: str, value: str) -> Node:
        """Returns a call of a layer with another argument, its result unknown.

        Args:
            node: the call.
            inside: the layer inside a wrapper whose argument it is, in the user's names; empty for the layer itself.
            name: the argument.
            value: its value, as code.

        Raises:
            Unprovable: if there is no such layer.
        """
        ...

    def made(self, code: str, name: str, like: Node | None = None) -> Node:
        """Returns a call of a new layer, or of an op on ``x``, its argument and its result unknown.

        Args:
            code: the layer or op.
            name: its name.
            like: the layer whose arguments a bare class takes.

        Raises:
            Unprovable: if the code is not that of one.
        """
        ...

    def renewed(self, node: Node) -> Node:
        """Returns a call of the same layer whose weights are not made yet.

        Raises:
            Unprovable: if it cannot be made anew.
        """
        ...

    def loss(self, code: str) -> GivenLoss:
        """Returns what is known of a loss."""
        ...

    def metric(self, code: str) -> GivenMetric | None:
        """Returns what is known of a metric."""
        ...

    def data(self, edit: Data, batch: Batch) -> Batch:
        """Returns other data.

        Raises:
            Unprovable: if they cannot be made.
        """
        ...

    def inputs(self, inputs: Inputs, graph: Graph) -> Inputs:
        """Returns the inputs of a model, with the layers of a graph that read them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The evidence of a mistake.

    Attributes:
        evidence: what is known; its graph is that of the case.
        graph: the calls, and what they get and give as if each mistake on the way were repaired; None if unknown.
        fed: whether the data say what goes into the graph, and no input that is declared.
        broken: by the key of the first tensor that a call gives, what its contract says.
    """

    evidence: Evidence
    graph: Graph | None = None
    fed: bool = False
    broken: Mapping[int, tuple[Diagnostic, ...]] = field(default_factory=dict)


def chain(label: str, nodes: Sequence[Node], specs: Sequence[Spec], floatx: str = "float32") -> Graph:
    """Returns the calls of a stack of layers as a graph.

    Args:
        label: the model in the user's names.
        nodes: its layers.
        specs: what each gets, and what the last one gives.
        floatx: Keras's default dtype.
    """
    edges = [Edge(index + 1, spec) for index, spec in enumerate(specs)]
    calls = tuple(with_tensors(node, (edges[index],), (edges[index + 1],)) for index, node in enumerate(nodes))
    name = nodes[-1].subject.short.strip('"') if nodes else ""
    return Graph(label, calls, (edges[0],), (edges[len(calls)],), (name,), floatx=floatx)


def with_tensors(node: Node, gets: tuple[Edge, ...], gives: tuple[Edge, ...]) -> Node:
    """Returns a call on other tensors; its contract hears of them as far as they can be told apart."""
    specs: Mapping[str, SpecTree] = node.specs
    if node.resolved is not None:
        if not specs and len(gets) == 1:
            specs = {node.resolved.first: gets[0].spec}
        else:
            specs = exchanged(specs, [edge.spec for edge in gets]) or {}
    return replace(node, gets=gets, gives=gives, specs=specs)


def exchanged(specs: Mapping[str, SpecTree], tensors: Sequence[Spec]) -> dict[str, SpecTree] | None:
    """Returns the arguments of a call on other tensors, in their order; None if those cannot be told apart."""
    left = list(tensors)

    def other(tree: SpecTree) -> Any:
        if isinstance(tree, Spec):
            return left.pop(0) if left else None
        if isinstance(tree, Mapping):
            return {key: other(tree[key]) for key in sorted(tree)}
        return None if tree is None else tuple(map(other, tree))

    found = {name: other(tree) for name, tree in specs.items()}
    return None if left or _count(specs) != len(tensors) else found


def _count(tree: Any) -> int:
    if isinstance(tree, Spec):
        return 1
    if isinstance(tree, Mapping):
        return sum(map(_count, tree.values()))
    return 0 if tree is None else sum(map(_count, tree))


UNKNOWN: Final = Spec(None, None)
"""A tensor of which nothing is known."""


def key_of(node: Node) -> int:
    """Returns what tells a call from the others of its graph."""
    return node.gives[0].key if node.gives else -id(node)
