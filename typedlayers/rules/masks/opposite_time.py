"""TL724: a sequence that a recurrent layer gives backwards is merged, step by step, with one that runs forwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH

_RECURRENT: Final = frozenset({"LSTM", "GRU", "SimpleRNN", "RNN"})
_MERGES: Final = frozenset({"Concatenate", "Add", "Average", "Multiply", "Subtract", "Maximum", "Minimum"})


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each merge of sequences of both directions, unless all steps are pooled right after it."""
    for node in graph.nodes:
        if node.kind not in _MERGES or len(node.gets) < 2 or RULE.code in node.allowed:
            continue
        turned = [edge for edge in node.gets if _runs_backwards(graph, edge)]
        straight = [
            edge for edge in node.gets if edge not in turned and edge.shape is not None and len(edge.shape) == 3
        ]
        if turned and straight and not _is_pooled(graph, node):
            maker = graph.maker(turned[0])
            assert maker is not None
            yield _told(node, maker)


def _runs_backwards(graph: Graph, edge: Edge) -> bool:
    maker = graph.maker(edge)
    return (
        maker is not None
        and maker.kind in _RECURRENT
        and bool(maker.attribute("go_backwards"))
        and bool(maker.attribute("return_sequences"))
        and edge.key == maker.gives[0].key
    )


def _is_pooled(graph: Graph, node: Node) -> bool:
    following = [one for edge in node.gives for one in graph.consumers(edge)]
    return bool(following) and all(one.kind.startswith("Global") for one in following)


def _told(node: Node, maker: Node) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} merges steps of {maker.subject.label}, which runs backwards, with others",
        where=node.subject.where,
        needs="sequences in one order of time",
        why="with go_backwards=True the first step that a layer gives is that of the end",
        fixes=(
            Fix(f"layers.Bidirectional around one layer, in place of {maker.subject.short} and that beside it"),
            Fix(f"keras.ops.flip(x, axis=1) after {maker.subject.short}"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL724", about=GRAPH, find=find)
