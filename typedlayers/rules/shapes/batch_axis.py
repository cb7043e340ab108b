"""TL222: a softmax, a normalization or an activation along the batch: the answer for a sample depends on others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument, Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import GRAPH
from typedlayers.spec import Shape, shape_text

ALONG: Final = frozenset({"Softmax", "LogSoftmax", "UnitNormalization"})
"""What makes the values along an axis depend on each other, and takes any axis."""


def find(graph: Graph) -> Iterator[Diagnostic]:
    """Yields each that names the axis of the samples, whose number is open."""
    for node in graph.nodes:
        came = node.single_input
        if RULE.code not in node.allowed and _attends_over_rows(node):
            yield _attending(node)
        if RULE.code not in node.allowed and node.joins():
            yield _joined(node)
        if came is None or node.kind not in ALONG or not came.shape or came.shape[0] is not None:
            continue
        if RULE.code not in node.allowed and _has_batch(node, len(came.shape)):
            yield _said(node, came.shape)


def _has_batch(node: Node, rank: int) -> bool:
    axis = node.attribute("axis")
    axes = axis if isinstance(axis, list | tuple) else (axis,)
    return any(isinstance(one, int) and one % rank == 0 for one in axes)


_ATTEND: Final = frozenset({"Attention", "AdditiveAttention"})


def _attends_over_rows(node: Node) -> bool:
    """True of an attention on rows ``(batch, features)``: their first axis is taken for time."""
    shapes = [edge.shape for edge in node.gets]
    return (
        node.kind in _ATTEND and len(shapes) > 1 and all(s is not None and len(s) == 2 and s[0] is None for s in shapes)
    )


def _attending(node: Node) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} gets rows, not sequences: it attends over the samples of a batch",
        where=node.subject.where,
        gets=", ".join(str(edge.spec) for edge in node.gets[:2]),
        needs="sequences, (batch, time, features)",
        why="of (batch, features) the first axis is taken for time: the answer for a sample depends on the others",
        fixes=(Fix("return_sequences=True in the recurrent layer before it, so that there are steps to attend to"),),
        certainty=Certainty.PERHAPS,
    )


def _said(node: Node, shape: Shape) -> Diagnostic:
    axis = "1" if len(shape) > 2 and shape[-1] == 1 else "-1"
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} works along axis 0, the samples of a batch",
        where=node.subject.where,
        gets=shape_text(shape),
        needs="an axis of each sample",
        why="the answer for a sample then depends on the others in its batch; alone, a softmax gives it 1 everywhere",
        fixes=(Fix.of(Argument(node.subject.label, "axis", axis)),),
        certainty=Certainty.PERHAPS,
    )


def _joined(node: Node) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"the activation of {node.subject.label} works along axis 0, the samples of a batch",
        where=node.subject.where,
        gets=str(node.gives[0].spec),
        needs="a function of each sample",
        why="three samples together become something else than each alone: what predict gives for a sample depends on"
        " the others in its batch",
        fixes=(
            Fix(
                "axis=-1 in its function, where a softmax, a sum or a mean takes axis 0, or all axes",
                edits=(Rewrite("softmax(_x, axis=0)", "softmax(_x, axis=-1)"),),
            ),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL222", about=GRAPH, find=find)
