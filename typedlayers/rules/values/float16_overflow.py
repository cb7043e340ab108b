"""TL403: values beyond float16 become infinite where a float16 layer casts them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument, Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.facts.ranges import HALF_MOST
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import followed


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for the first layer on a way that cannot hold the values."""
    for way in seen.ways:
        for node, low, high in followed(seen.facts, way):
            most = max(abs(low), abs(high))
            half = node.resolved is not None and node.resolved.policy.compute == "float16"
            if half and HALF_MOST < most < math.inf:
                yield _overflow(seen, node, most)
                return


def _overflow(seen: SeenInput, node: Node, most: float) -> Diagnostic:
    label, short = node.subject.label, node.subject.short
    greatest = max(abs(seen.facts.low), abs(seen.facts.high))
    wider, scaled = Argument(short, "dtype", '"float32"'), Data("x", f"x / {greatest:g}")
    return Diagnostic(
        RULE.code,
        f"values up to {most:g} of {seen.label} become infinite in {label}, which is float16",
        where=node.subject.where,
        gets=f"{seen.spec}, values {seen.facts}",
        needs=f"values up to {HALF_MOST:g}, the greatest float16",
        why=f"Keras casts the input of {label} to its compute dtype, float16",
        fixes=(
            Fix(f'dtype="float32" (or "bfloat16") for {short}', edits=(wider,)),
            Fix("scale the data: divide them by their greatest value, or normalize them", edits=(scaled,)),
        ),
    )


RULE = Rule(code="TL403", about=INPUT_VALUES, find=find, after=frozenset({"TL402"}))
