"""TL721: a layer drops a mask that a later layer would have used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Attribute
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Maker, MaskHandling, Node
from typedlayers.rules.masks.origin import mask_maker, masked_input, without_mask
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Spec


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each call that drops a mask while the steps stay steps, and a later call would use it."""
    for node in graph.nodes:
        masked = masked_input(node)
        if masked is None or node.handling is not MaskHandling.DROPS or RULE.code in node.allowed:
            continue
        taker = _taker(graph, node, masked)
        if taker is not None:
            yield _dropped(node, masked, taker, mask_maker(graph, masked))


def _taker(graph: Graph, start: Node, masked: Edge) -> Node | None:
    """The first later call that would use the mask and gets the same steps of time without it."""
    reached = {edge.key for edge in start.gives if _same_steps(edge.spec, masked.spec)}
    for node in graph.nodes[graph.nodes.index(start) + 1 :]:
        if not any(edge.key in reached and not edge.masked for edge in node.gets):
            continue
        if node.handling is MaskHandling.TAKES:
            return node
        if node.handling in (MaskHandling.KEEPS, MaskHandling.DROPS):
            reached |= {edge.key for edge in node.gives if not edge.masked and _same_steps(edge.spec, masked.spec)}
    return None


def _same_steps(one: Spec, two: Spec) -> bool:
    """True if two sequences have the same axes: batch, steps of time, features."""
    return one.shape is not None and two.shape is not None and len(one.shape) == len(two.shape) >= 3


_WHY: Final = {
    Maker.KERAS: "Keras does not know which steps of this layer's result are padding, and goes on without a mask",
    Maker.USER: "Keras hands a mask on only through a layer that says supports_masking = True",
    Maker.FUNCTION: "Keras hands a mask on through a Lambda only if it was made with mask=",
    Maker.OP: "ops hand no mask on, and say nothing about it; layers do",
}


def _dropped(node: Node, masked: Edge, taker: Node, maker: Node | None) -> Diagnostic:
    origin = "" if maker is None else f" of {maker.subject.label}"
    where = taker.subject.where if node.maker is Maker.OP else node.subject.where
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} drops the mask{origin}, and then {taker.subject.label} computes over the padded steps",
        where=where,
        gets=f"{masked.spec} with a mask",
        needs=f"the mask at {taker.subject.label}, which leaves masked steps out",
        why=_WHY[node.maker],
        fixes=(*_kept(node), *without_mask(maker)),
        certainty=Certainty.PERHAPS,
    )


def _kept(node: Node) -> Iterator[Fix]:
    match node.maker:
        case Maker.USER:
            supports = Attribute(node.subject.kind, "supports_masking", "True")
            yield Fix.of(supports, condition="if it leaves each step where it is")
        case Maker.FUNCTION:
            yield Fix("Lambda(..., mask=lambda inputs, mask: mask), if it leaves each step where it is")
        case Maker.OP:
            yield Fix("a layer in place of the op: layers.Add, layers.Multiply, layers.Rescaling hand the mask on")
        case Maker.KERAS:
            pass  # there is no way to make such a layer hand a mask on


RULE = Rule(code="TL721", about=GRAPH, find=find)
