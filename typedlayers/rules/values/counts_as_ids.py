"""TL414: an Embedding looks up flags or counts, where it needs ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH

_ENCODERS: Final = frozenset({"TextVectorization", "StringLookup", "IntegerLookup", "CategoryEncoding"})
_COUNTS: Final = frozenset({"multi_hot", "one_hot", "count", "tf_idf"})


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each Embedding of more than two rows right behind such a layer."""
    for node in graph.nodes:
        if node.kind not in _ENCODERS or node.encodes not in _COUNTS:
            continue
        for table in (one for edge in node.gives for one in graph.consumers(edge)):
            if table.kind == "Embedding" and table.attribute("input_dim", 0) > 2 and RULE.code not in table.allowed:
                yield _told(node, table)


def _told(node: Node, table: Node) -> Diagnostic:
    can = node.kind != "CategoryEncoding"
    edit = Argument(node.subject.short, "output_mode", '"int"')
    return Diagnostic(
        RULE.code,
        f'{table.subject.label} looks up what {node.subject.label} gives with output_mode="{node.encodes}": no ids',
        where=table.subject.where,
        gets=str(node.gives[0].spec) if node.gives else "",
        needs="ids, each the number of a row",
        why="an Embedding has a row for each id: of flags it looks up the rows 0 and 1 alone",
        fixes=(Fix.of(edit),)
        if can
        else (Fix(f"leave {node.subject.short} out: an Embedding takes the ids themselves"),),
    )


RULE = Rule(code="TL414", about=GRAPH, find=find)
