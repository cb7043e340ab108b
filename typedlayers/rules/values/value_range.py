"""TL405: an image augmentation supposes another range than the images have."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import followed, is_image


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for the first layer whose ``value_range`` is not that of the images."""
    if not is_image(seen.spec) or not seen.facts.finite:
        return
    for way in seen.ways:
        for node, low, high in followed(seen.facts, way):
            supposed = _supposed(node)
            needed = None if supposed is None else _needed(seen, supposed, low, high)
            if supposed is not None and needed is not None:
                yield _other_range(seen, node, supposed, (low, high), needed)
                return


def _supposed(node: Node) -> tuple[float, float] | None:
    """The ``value_range`` that a preprocessing layer was given, or has by default."""
    given = node.attribute("value_range")
    if not isinstance(given, list | tuple) or len(given) != 2 or not all(isinstance(n, int | float) for n in given):
        return None
    return float(given[0]), float(given[1])


def _needed(seen: SeenInput, supposed: tuple[float, float], low: float, high: float) -> str | None:
    """The range as code, where the values certainly are of another class than supposed."""
    # 0 and 1 as they came may be a dark batch of bytes; what a layer scaled is not
    as_given = (low, high) == (seen.facts.low, seen.facts.high)
    dark = seen.facts.whole and as_given
    if low >= 0 and high <= 1 and not dark and supposed[1] > 2:
        return "(0.0, 1.0)"
    if low >= 0 and 2 < high <= 255 and supposed[1] <= 1:
        return "(0, 255)"
    return None


def _other_range(
    seen: SeenInput, node: Node, supposed: tuple[float, float], values: tuple[float, float], needed: str
) -> Diagnostic:
    short, (low, high) = node.subject.short, values
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} supposes values {supposed[0]:g}..{supposed[1]:g} but gets {low:.3g}..{high:.3g}",
        where=node.subject.where,
        gets=f"{seen.spec} from {seen.label}",
        needs=f"value_range={supposed[0]:g}..{supposed[1]:g}",
        why="it shifts and clips images by the range that its value_range names, not by that of the images",
        fixes=(Fix(f"value_range={needed} for {short}", edits=(Argument(short, "value_range", needed),)),),
    )


RULE = Rule(code="TL405", about=INPUT_VALUES, find=find, after=frozenset({"TL402"}))
