"""TL710: the mask that a layer is given is true at the padding, where it has to be true at the steps to keep."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each call that is given the padding of ids to keep."""
    for node in graph.nodes:
        if not node.padding or RULE.code in node.allowed:
            continue
        yield Diagnostic(
            RULE.code,
            f"{node.padding} of {node.subject.label} is true where the ids are 0: it keeps the padding alone",
            where=node.subject.where,
            needs=f"a {node.padding} that is true at the steps to keep",
            why="Keras's masks are true where a step counts; the mask here compares ids of an Embedding with 0",
            fixes=(Fix("keras.ops.not_equal(ids, 0) in place of keras.ops.equal(ids, 0)"),),
            certainty=Certainty.PERHAPS,
        )


RULE = Rule(code="TL710", about=GRAPH, find=find)
