"""TL722: padded steps are joined with real ones, and nothing in the model uses their mask."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Maker, MaskHandling, Node
from typedlayers.rules.masks.origin import mask_maker, masked_input, without_mask
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each call that joins the steps of a masked sequence, unless the mask is used anywhere."""
    for node in graph.nodes:
        masked = masked_input(node)
        if masked is None or node.handling is not MaskHandling.MIXES or RULE.code in node.allowed:
            continue
        if not _is_used(graph):
            yield _joined(node, masked, mask_maker(graph, masked))


def _is_used(graph: Graph) -> bool:
    """True if a mask of the model is used anywhere, by its loss too, or may be where nothing is known."""
    return any(map(_may_use, graph.nodes)) or any(edge.masked for edge in graph.outputs)


def _may_use(node: Node) -> bool:
    if node.handling is MaskHandling.HAS_ITS_OWN:
        return True
    if not any(edge.masked for edge in node.gets):
        return False
    if node.handling in (MaskHandling.TAKES, MaskHandling.UNKNOWN):
        return True
    return node.handling is MaskHandling.DROPS and node.maker is Maker.USER  # the layers inside it see the mask


def _joined(node: Node, masked: Edge, maker: Node | None) -> Diagnostic:
    origin = "it" if maker is None else f"the mask of {maker.subject.label}"
    pooled = Replace(node.subject.label, "layers.GlobalAveragePooling1D()")
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} joins padded steps with real ones, and nothing in the model uses {origin}",
        where=node.subject.where,
        gets=f"{masked.spec} with a mask",
        needs="a layer that leaves masked steps out",
        why="the mask ends here: this layer takes none, and no layer before it took it",
        fixes=(
            Fix(f"{pooled}: it leaves masked steps out, as an LSTM does", edits=(pooled,)),
            *without_mask(maker),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL722", about=GRAPH, find=find)
