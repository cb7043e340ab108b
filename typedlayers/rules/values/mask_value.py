"""TL412: a mask takes out a value that pads nothing: no step is padded with it, or it is an id like the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typedlayers.diagnostics.edit import Argument, Data
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.facts.padding import Padding, Zeros
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields each Masking right behind an input of which no step holds its value; steps of the other one are many.

    So does an Embedding that masks 0 where 0 is an id like the others.
    """
    yield from _of_ids(seen)
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


MANY: Final = 200
"""Sequences of which some would be padded, were 0 the padding."""

MOST: Final = 0.5
"""The share of the sequences with a 0 between other ids at the least: gaps are rarer."""

AT_ENDS: Final = 3.0
"""How many times as often as a step is 0 sequences may begin or end in it, where it is no padding: two, and some."""


def _of_ids(seen: SeenInput) -> Iterator[Diagnostic]:
    node = next((nodes[0] for nodes, _ in seen.ways if nodes and nodes[0].kind == "Embedding"), None)
    if node is None or not node.attribute("mask_zero") or not seen.use.trains or RULE.code in node.allowed:
        return
    zeros = seen.values.zeros
    if zeros is None or zeros.rows < MANY or zeros.between < MOST:
        return
    # where 0 stands for a gap it is the commonest of all
    if zeros.share <= zeros.most and zeros.ends <= AT_ENDS * zeros.share:
        yield _hidden(seen, node, zeros)


def _hidden(seen: SeenInput, node: Node, zeros: Zeros) -> Diagnostic:
    size, greatest = node.attribute("input_dim"), int(seen.facts.high)
    grown = isinstance(size, int) and greatest + 1 >= size
    shifted = (Data("x", "x + 1"), *((Argument(node.subject.short, "input_dim", str(greatest + 2)),) if grown else ()))
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} masks the id 0, which stands between other ids in {zeros.between:.0%} of the sequences",
        where=node.subject.where,
        gets=f"{seen.spec}, values {seen.facts}, of which {zeros.share:.1%} are 0",
        needs="ids from 1 on, and 0 for the padding alone",
        why="0 occurs at the ends no more than anywhere else: it seems to be an id, which the layers behind never see",
        fixes=(
            Fix.of(*shifted, condition="so that 0 is free for the padding"),
            Fix.of(Argument(node.subject.short, "mask_zero", "False"), condition="where nothing is padded"),
        ),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL412", about=INPUT_VALUES, find=find)
