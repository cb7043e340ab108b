"""TL723: an LSTM gets the hidden state of another as its cell state, and the cell state as its hidden one."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH

HIDDEN, CELL = 1, 2
"""Where the states stand among what an LSTM with ``return_state=True`` gives."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each LSTM that gets both states of another the wrong way round."""
    for node in graph.nodes:
        if node.kind != "LSTM" or len(node.gets) != 3 or RULE.code in node.allowed:
            continue
        makers = [graph.maker(edge) for edge in node.gets[1:]]
        maker = makers[0]
        if maker is None or maker is not makers[1] or maker.kind != "LSTM" or len(maker.gives) != 3:
            continue
        places = [next(i for i, edge in enumerate(maker.gives) if edge.key == state.key) for state in node.gets[1:]]
        if places == [CELL, HIDDEN]:
            yield _told(node, maker)


def _told(node: Node, maker: Node) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} gets the cell state of {maker.subject.label} as its hidden state, and the reverse",
        where=node.subject.where,
        needs="initial_state=[hidden, cell]",
        why=f"{maker.subject.label} returns output, hidden state, cell state; initial_state takes them in this order",
        fixes=(Fix("output, hidden, cell = ..., and initial_state=[hidden, cell]"),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL723", about=GRAPH, find=find)
