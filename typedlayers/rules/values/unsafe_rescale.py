"""TL801: raw bytes were only cast, since the weights may be made for bytes."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.bytes import raw_layer
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding where the mode would repair raw bytes, and a factor would be a guess."""
    if not seen.rescales or seen.spec.dtype != "uint8":
        return
    node = raw_layer(seen)
    if node is None or node.fresh or seen.trained is not None:
        return
    yield Diagnostic(
        RULE.code,
        f"raw bytes {seen.facts.low:g}..{seen.facts.high:g} from {seen.label} reach the weights of"
        f" {node.subject.label}; they were only cast",
        where=node.subject.where,
        gets=str(seen.spec),
        needs="values around 0 to 1, which the initial weights are made for",
        why="the weights were trained, loaded or set before, perhaps on bytes: a factor would be a guess",
        instead_of="TL401",
    )


RULE = Rule(code="TL801", about=INPUT_VALUES, find=find)
