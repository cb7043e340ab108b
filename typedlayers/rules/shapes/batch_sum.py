"""TL220: one number of the whole batch is added to what each sample has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Maker, Node
from typedlayers.facts.samples import Departure, departures
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED, Trained
from typedlayers.spec import shape_text

ADDING: Final = frozenset({"Add", "AddV2", "Subtract", "Sub"})

SUMS: Final = frozenset({"Sum", "Tensordot", "Vdot", "Dot", "Einsum"})
"""Ops that add up; a mean, an extreme or a norm of a batch may be meant to be the same for all of its samples."""


PRODUCTS: Final = SUMS - {"Sum"}
"""Those of them that multiply first."""


def find(trained: Trained) -> Iterator[Diagnostic]:
    """Yields each sum over all samples, or number that a layer of the user's makes of them, that every row gets.

    What is multiplied or divided by it may be scaled on purpose; a number that does not depend on the samples is a
    weight.
    """
    graph = trained.graph
    lost = departures(graph)
    for node in graph.nodes:
        if node.kind not in ADDING:
            continue
        one = next((edge for edge in node.gets if edge.key in lost and not edge.shape), None)
        rows = any(edge.key not in lost and edge.shape and edge.shape[0] is None for edge in node.gets)
        made = None if one is None or not rows else graph.maker(one)
        if one is not None and made is not None and _is_sum(made):
            yield _summed(made, lost[one.key], graph.label)


def _is_sum(node: Node) -> bool:
    if RULE.code in node.allowed:
        return False
    return node.kind in SUMS if node.maker is Maker.OP else node.maker is Maker.USER and node.conducts()


def _summed(node: Node, lost: Departure, model: str) -> Diagnostic:
    named = (
        node.subject.label if node.layer is not None or node.subject.where.line else f"{node.subject.label} of {model}"
    )
    axes = tuple(range(1, len(lost.gets)))
    axis = axes[0] if len(axes) == 1 else axes
    owner = node.subject.label.partition(" ")[0] if node.maker is Maker.USER else ""
    edit = Rewrite("sum(_x)", f"sum(_x, axis={axis}, keepdims=True)", owner)
    how = f"axis={axis}, keepdims=True in {node.subject.label}"
    if node.kind in PRODUCTS:
        edit = Rewrite(f"{node.kind.lower()}(_a, _b, ...)", f"ops.sum(_a * _b, axis={axis}, keepdims=True)")
        how = f"ops.sum(a * b, axis={axis}, keepdims=True) in the place of {node.subject.label}"
    return Diagnostic(
        RULE.code,
        f"{named} makes one number of all samples of a batch, which is added to each of them",
        where=node.subject.where,
        gets=f"{shape_text(lost.gives)} made of {shape_text(lost.gets)}",
        needs="a number for each sample",
        why="the answer for a sample then depends on the others in its batch, and on how many there are",
        fixes=(Fix(f"{how}: all axes but that of the batch", edits=(edit,)),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL220", about=TRAINED, find=find)
