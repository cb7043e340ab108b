"""TL412: a Masking looks for a value that pads nothing, and the sequences are padded with another one."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.facts.padding import Padding
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields each Masking right behind an input of which no step holds its value; steps of the other one are many."""
    first = {id(nodes[0]): nodes[0] for nodes, _ in seen.ways if nodes and nodes[0].kind == "Masking"}
    padding = seen.values.padding if first and seen.use.trains else None
    for node in first.values() if padding is not None else ():
        value = node.attribute("mask_value")
        if isinstance(value, int | float) and padding is not None and float(value) not in padding.steps:
            yield _said(seen, node, padding)


def _said(seen: SeenInput, node: Node, padding: Padding) -> Diagnostic:
    value = f"{padding.value:g}"
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} looks for steps of {node.attribute('mask_value'):g}, and there are none: the sequences"
        f" are padded with {value}",
        where=node.subject.where,
        gets=f"{seen.spec}, of which {padding.share:.0%} end in steps of {value}",
        needs=f"mask_value={value}",
        why="a step is skipped if all its features equal mask_value; the padding is read as data",
        fixes=(Fix.of(Argument(node.subject.label, "mask_value", value)),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL412", about=INPUT_VALUES, find=find)
