"""TL722: padded steps are joined with real ones, and nothing in the model uses their mask."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Replace
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Edge, Graph, Maker, MaskHandling, Node
from typedlayers.rules.masks.origin import mask_maker, masked_input, without_mask
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Shape


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each call that joins the steps of a masked sequence, unless the mask is used anywhere."""
    for node in graph.nodes:
        masked = masked_input(node)
        if masked is None or node.handling is not MaskHandling.MIXES or RULE.code in node.allowed:
            continue
        maker = mask_maker(graph, masked)
        if not _is_used(graph) and (node.maker is Maker.KERAS or _is_certain(graph, node, masked, maker)):
            yield _joined(node, masked, maker)


def _is_certain(graph: Graph, node: Node, masked: Edge, maker: Node | None) -> bool:
    """True of an op or a function that joins the steps as the maker of their mask gave them.

    Whoever reads the ids beside that maker may make a mask of them, and what meets another tensor may be masked by it.
    A Masking makes its masked steps 0, which a sum leaves out.
    """
    if maker is None or (maker.kind != "Embedding" and node.kind != "Mean"):
        return False
    if maker.single_input is None or len(list(graph.consumers(maker.single_input))) > 1:
        return False
    if any(one is not maker and one.single_input is None for one in _since(graph, masked, maker)):
        return False
    return node.maker is Maker.OP or _loses_steps(masked.shape, node.gives[0].shape)


def _since(graph: Graph, masked: Edge, maker: Node) -> Iterator[Node]:
    """The calls from a masked tensor back to the maker of its mask."""
    for node in graph.way_to(masked):
        yield node
        if node is maker:
            return


def _loses_steps(came: Shape | None, gives: Shape | None) -> bool:
    """True if a result has the axes of its input but that of the steps, which no other size resembles."""
    if came is None or gives is None or len(came) != len(gives) + 1 or came[1] in came[2:]:
        return False
    return came[2:] == gives[1:]


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
    where = node.subject.where if maker is None or node.maker is not Maker.OP else maker.subject.where
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} joins padded steps with real ones, and nothing in the model uses {origin}",
        where=where,
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
