"""TL413: numbers of a million and more reach weights that nobody trained, as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.contracts.contract import Values
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import affine

LEAST: Final = 1e6
"""From here on a fresh layer gives nothing that an optimizer with a usual step could bring down."""

SECONDS: Final = (9e8, 2.2e9)
"""Seconds since 1970, from 1998 to 2039."""


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: some rule of the user's may make the weights small."""
    facts = seen.facts
    if not seen.use.trains or not facts.finite or seen.graph is None or seen.edge is None:
        return
    if max(abs(facts.low), abs(facts.high)) < LEAST:
        return
    node = _weights(seen.graph, seen.edge, max(abs(facts.low), abs(facts.high)))
    if node is None or not node.fresh or RULE.code in node.allowed:
        return
    times = facts.whole and SECONDS[0] <= facts.high <= SECONDS[1]
    yield Diagnostic(
        RULE.code,
        f"values {facts.low:.3g}..{facts.high:.3g} from {seen.label} reach the weights of {node.subject.label}",
        where=node.subject.where,
        gets=str(seen.spec),
        needs="values around 1, which the initial weights are made for",
        why="a fresh layer makes sums as large as its input: activations saturate, and gradients are of that size too"
        + ("; these look like seconds since 1970" if times else ""),
        fixes=(
            *(
                (Fix("x = x - x.min(), in float64, before the model: float32 knows such seconds to 128"),)
                if times
                else ()
            ),
            Fix(
                f"norm = layers.Normalization(); norm.adapt(x); and norm before {node.subject.short}",
            ),
        ),
        certainty=Certainty.PERHAPS,
        place=seen.place,
    )


def _weights(graph: Graph, edge: Edge, size: float) -> Node | None:
    """The first layer whose weights values of a size reach, behind a Concatenate too; None if they are made small."""
    waiting, met = [(edge, size)], {edge.key}
    while waiting:
        came, size = waiting.pop(0)
        for node in graph.consumers(came):
            contract = node.contract
            if contract is not None and contract.values is Values.WEIGHTED:
                if node.kind != "Embedding" and not _is_normalized(graph, node):
                    return node
                continue
            step = affine(node)
            after = size * abs(step[0]) + abs(step[1]) if step is not None else size
            kept = (
                step is not None
                or node.kind == "Concatenate"
                or (contract is not None and contract.values is Values.KEPT)
            )
            if kept and after >= LEAST:
                waiting += [(one, after) for one in node.gives if one.key not in met]
                met |= {one.key for one in node.gives}
    return None


def _is_normalized(graph: Graph, node: Node) -> bool:
    """True if a normalization takes the scale out again, right behind a layer."""
    return any(one.kind.endswith("Normalization") for edge in node.gives for one in graph.consumers(edge))


RULE = Rule(code="TL413", about=INPUT_VALUES, find=find, after=frozenset({"TL401", "TL402", "TL403", "TL408"}))
