"""TL219: two layers in a row whose kernels start at zero: no gradient ever reaches either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Graph, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.topics import TRAINED, Trained

WEIGHTED: Final = frozenset({"Conv1D", "Conv2D", "Conv3D", "Dense", "EinsumDense"})

ZERO_AT_ZERO: Final = frozenset(
    {"linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "tanh", "hard_tanh", "softsign"}
)
"""Activations that are 0 where nothing comes."""

ZERO_LEFT: Final = frozenset({"Dropout", "Identity", "Flatten", "Reshape", "Permute", "ReLU", "LeakyReLU"})
"""Layers that give 0 for 0."""


def find(trained: Trained) -> Iterator[Diagnostic]:
    """Yields each layer that gets 0 from a layer of zeros, which nothing but it uses.

    The second kernel's gradient is a multiple of what comes, 0; the first one's is a multiple of the second kernel, 0.
    """
    for node in trained.graph.nodes:
        found = _zero_before(trained.graph, node) if _starts_at_zero(node) else None
        if found is not None:
            yield _stuck(found, node)


def _starts_at_zero(node: Node) -> bool:
    new = node.kind in WEIGHTED and node.fresh and node.learns and "TL219" not in node.allowed
    return new and _is_zero(node, "kernel_initializer")


def _is_zero(node: Node, initializer: str) -> bool:
    given = node.attribute(initializer)
    return type(given).__name__ == "Zeros" or getattr(given, "value", None) == 0


def _zero_before(graph: Graph, node: Node) -> Node | None:
    """The layer whose output of zeros a layer gets."""
    edge = node.single_input
    while edge is not None and graph.has_one_use(edge):
        before = graph.maker(edge)
        if before is None:
            return None
        if before.kind in WEIGHTED:
            return before if _starts_at_zero(before) and _gives_zero(before) else None
        if before.kind not in ZERO_LEFT and not (before.kind == "Activation" and before.activation in ZERO_AT_ZERO):
            return None
        edge = before.single_input
    return None


def _gives_zero(node: Node) -> bool:
    return node.activation in ZERO_AT_ZERO and (not node.attribute("use_bias") or _is_zero(node, "bias_initializer"))


def _stuck(first: Node, second: Node) -> Diagnostic:
    return Diagnostic(
        RULE.code,
        f"the kernels of {first.subject.label} and {second.subject.label} start at zero and stay there",
        where=first.subject.where,
        gets='kernel_initializer="zeros" in both',
        needs="one of them to start at other values: each kernel's gradient is a product with the other's",
        why="the first gives 0, so the second's kernel gets no gradient; the second passes none back",
        fixes=(Fix.of(Argument(first.subject.short, "kernel_initializer", '"glorot_uniform"')),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL219", about=TRAINED, find=find)
