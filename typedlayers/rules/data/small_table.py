"""TL520: a layer makes more ids than the table that looks them up has places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, IdsGiven, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {"Embedding": "input_dim", "CategoryEncoding": "num_tokens", "OneHot": "num_classes"}
)
"""What looks ids up, each with the argument that sets how many it knows."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each table with fewer places than the layer before it makes ids."""
    for node in graph.nodes:
        argument = TABLES.get(node.kind)
        size = None if argument is None else node.attribute(argument)
        if argument is None or not isinstance(size, int) or isinstance(size, bool) or RULE.code in node.allowed:
            continue
        maker = _maker(graph, node)
        ids = None if maker is None else maker.ids()
        if maker is not None and ids is not None and ids.count > size:
            yield _too_small(node, argument, size, maker, ids)


def _maker(graph: Graph, node: Node) -> Node | None:
    """The layer that makes the ids, if nothing on the way from it changes them."""
    came = node.single_input
    for one in () if came is None else graph.way_to(came):
        if one.ids() is not None:
            return one
        keeps = one.contract is not None and one.contract.values is Values.KEPT
        if not keeps and not (one.maker is Maker.OP and one.kind == "Cast"):
            return None
    return None


def _too_small(node: Node, argument: str, size: int, maker: Node, ids: IdsGiven) -> Diagnostic:
    label, many = node.subject.label, "up to " if ids.limit else ""
    rows = node.kind == "Embedding"
    larger = Argument(node.subject.short, argument, str(ids.count))
    fixes = [Fix(f"{argument}={ids.count} for {node.subject.short}", edits=() if node.maker is Maker.OP else (larger,))]
    if ids.limit:
        fewer = Argument(maker.subject.short, ids.limit, str(size))
        fixes.append(Fix(f"{ids.limit}={size} for {maker.subject.short}", edits=(fewer,)))
    effect = "an id beyond the table fails in the batch that holds it, or, compiled by XLA, means nothing"
    return Diagnostic(
        RULE.code,
        f"{maker.subject.label} makes {many}{ids.count} ids but {label} knows {size}",
        where=node.subject.where,
        gets=f"ids 0 to {ids.count - 1} from {maker.subject.label}",
        needs=f"ids 0 to {size - 1}: {argument}={size}",
        why=effect if rows else "the row of an id beyond it is all zero, without an error",
        fixes=tuple(fixes),
        certainty=Certainty.CERTAIN if rows and not ids.limit else Certainty.PERHAPS,
    )


RULE = Rule(code="TL520", about=GRAPH, find=find)
