"""TL717: a call lets no gradient through to layers that are to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.evidence import Learning
from typedlayers.facts.graph import Edge, Graph, Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED, Trained
from typedlayers.spec import Kind


def find(trained: Trained) -> Iterator[Diagnostic]:
    """Yields the first call that keeps the gradient of the loss from layers that are to learn.

    A *perhaps* where a step of the user's may add a loss of something else.
    """
    graph, alone = trained.graph, trained.learns is Learning.OUTPUTS
    reached = _reached(graph)
    deaf = [node for node in graph.nodes if node.learns and node.fresh and not _any_in(node.gives, reached)]
    after_deaf = {edge.key for node in deaf for edge in node.gives}
    for node in graph.nodes:
        if node in deaf or not any(edge.key in after_deaf and _is_float(edge) for edge in node.gets):
            continue
        if not any(map(_is_float, node.gives)) or not node.conducts():
            if RULE.code not in node.allowed:
                certainty = Certainty.CERTAIN if alone else Certainty.PERHAPS
                yield _cut(graph, node, deaf).with_(certainty=certainty)
            return
        after_deaf |= {edge.key for edge in node.gives}


def _reached(graph: Graph) -> set[int]:
    """The tensors that a gradient of the outputs reaches, and those that it is kept from on purpose."""
    reached = {edge.key for edge in graph.outputs if _is_float(edge)}
    meant = set[int]()
    for node in reversed(graph.nodes):
        if node.kind == "StopGradient" or _any_in(node.gives, meant):
            meant |= {edge.key for edge in node.gets}
            reached |= meant
        elif _any_in(node.gives, reached) and node.conducts():
            reached |= {edge.key for edge in node.gets if _is_float(edge)}
    return reached


def _any_in(edges: Sequence[Edge], keys: set[int]) -> bool:
    return any(edge.key in keys for edge in edges)


def _is_float(edge: Edge) -> bool:
    """True if a gradient can belong to a tensor; of a tensor of unknown dtype it may."""
    return edge.spec.kind in (Kind.FLOAT, Kind.COMPLEX, None)


def _left_out(graph: Graph, node: Node) -> Fix | None:
    """The choice of a class, which a loss of class ids makes of scores itself: nothing but ops come after it."""
    if node.kind.lower() != "argmax" or node.maker is not Maker.OP or len(graph.outputs) != 1:
        return None
    after = {edge.key for edge in node.gives}
    for other in graph.nodes:
        if _any_in(other.gets, after):
            if other.maker is not Maker.OP:
                return None
            after |= {edge.key for edge in other.gives}
    if graph.outputs[0].key not in after:
        return None
    text = f"leave {node.subject.label} out: losses and metrics of classes read the scores; np.argmax after predict"
    return Fix(text, edits=(Rewrite("argmax(_x, ...)", "_x"),))


def _straight_through(node: Node) -> Fix:
    """The gradient passes as if nothing was rounded."""
    text = "keep floats and let the gradient pass: x + keras.ops.stop_gradient(rounded - x) (straight-through)"
    same = len(node.gets) == len(node.gives) == 1 and node.gets[0].shape == node.gives[0].shape
    if node.maker is not Maker.USER or not same:
        return Fix(text)
    passed = "_input + keras.ops.stop_gradient(keras.ops.cast(_rounded, _input.dtype) - _input)"
    return Fix(text, edits=(Rewrite("return _rounded", passed, node.subject.label.partition(" ")[0]),))


def _cut(graph: Graph, node: Node, deaf: Sequence[Node]) -> Diagnostic:
    integers = next((edge for edge in node.gives if not _is_float(edge)), None)
    does = "has no gradient" if integers is None else f"gives {integers.spec.dtype}"
    learners, verb = deaf[0].subject.label, "learns"
    if len(deaf) > 1:
        learners, verb = f"{learners} and {len(deaf) - 1} more", "learn"
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} {does}, so {learners} before it never {verb}",
        where=node.subject.where,
        gets=next((edge.spec.dtype or "" for edge in node.gets if _is_float(edge)), ""),
        needs="floats with a gradient, all the way from the loss to the weights",
        why="integers, comparisons and rounding have no gradient, and these weights have no other path to the loss",
        fixes=(
            _left_out(graph, node) or _straight_through(node),
            Fix(f"trainable = False for {learners}, if nothing before {node.subject.label} is to learn"),
        ),
    )


RULE = Rule(code="TL717", about=TRAINED, find=find)
