"""TL410: ids of words or entries meet the weights of a layer as if they were amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Argument, Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, IdsGiven, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH

LEAST: Final = 12
"""Fewer entries of a vocabulary may be steps of a scale, in their order: small, medium, large."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each layer that makes ids which reach weights as they are."""
    for node in graph.nodes:
        ids = node.ids()
        if ids is None or ids.ordered or (not ids.words and ids.count <= LEAST):
            continue
        reached = next((one for edge in node.gives for way in graph.ways_from(edge) if (one := _weights(way[0]))), None)
        if reached is not None and not {RULE.code} & (node.allowed | reached.allowed):
            yield _as_numbers(node, ids, reached)


def _weights(way: tuple[Node, ...]) -> Node | None:
    """The first layer with weights on a way, if every layer before it keeps values."""
    for node in way:
        if node.contract is not None and node.contract.values is Values.WEIGHTED:
            return node
        keeps = node.contract is not None and node.contract.values is Values.KEPT
        if not keeps and not (node.maker is Maker.OP and node.kind == "Cast"):
            return None
    return None


def _as_numbers(node: Node, ids: IdsGiven, reached: Node) -> Diagnostic:
    what = "words" if ids.words else "entries"
    table = Insert(f"layers.Embedding({ids.count}, 16)", reached.subject.short)
    mean = Insert("layers.GlobalAveragePooling1D()", reached.subject.short)
    flags = Fix.of(
        Argument(node.subject.short, "output_mode", '"multi_hot"'),
        condition=f"for a 1 for each of the {what} that occur",
    )
    # Keras takes no output_sequence_length together with it
    counted = node.kind == "TextVectorization" and (node.gives[0].shape or (None,))[-1] is not None
    return Diagnostic(
        RULE.code,
        f"ids of {what} from {node.subject.label} reach the weights of {reached.subject.label} as numbers",
        where=reached.subject.where,
        gets=f"ids up to {ids.count - 1} from {node.subject.label}",
        needs="amounts: numbers of which twice as much means twice as much",
        why=f"ids only name {what}: id 40 is not twice id 20, and their order says nothing",
        fixes=(
            Fix.of(table, mean, condition="for a vector of each id"),
            *(() if counted else (flags,)),
        ),
        certainty=Certainty.CERTAIN if ids.words else Certainty.PERHAPS,
    )


RULE = Rule(code="TL410", about=GRAPH, find=find)
