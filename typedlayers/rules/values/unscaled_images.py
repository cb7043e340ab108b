"""TL408: images in the range of bytes with fractions, or of 16 bits, reach the first weights."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Insert
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.bytes import are_pictures, reached_raw
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.spec import RangeClass


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for pictures that were resized, and for those of 16 bits, on weights that nobody trained."""
    most = _greatest(seen) if seen.use.trains and seen.facts.finite else None
    node = None if most is None else reached_raw(seen)
    if most is not None and node is not None and node.fresh and RULE.code not in node.allowed:
        yield _unscaled(seen, node, most)


def _greatest(seen: SeenInput) -> int | None:
    """The greatest value that such pictures can have, None if these are none."""
    facts = seen.facts
    if seen.spec.dtype == "uint16":
        return 65535 if facts.high > 255 else None
    if facts.family is not RangeClass.BYTES or facts.whole:
        return None
    return 255 if are_pictures(seen) else None


def _unscaled(seen: SeenInput, node: Node, most: int) -> Diagnostic:
    label, short = node.subject.label, node.subject.short
    return Diagnostic(
        RULE.code,
        f"values {seen.facts.low:.3g}..{seen.facts.high:.5g} from {seen.label} reach the weights of {label} unscaled",
        where=node.subject.where,
        gets=str(seen.spec),
        needs="values around 0 to 1, which the initial weights are made for",
        why=f"they look like images 0..{most}"
        + (" that were resized" if most == 255 else ", of 16 bits")
        + f"; every step from the input of {seen.model} to {label} keeps them as they came",
        fixes=(Fix.of(Insert(f"layers.Rescaling(1 / {most})", short)),),
        certainty=Certainty.PERHAPS,
        place=seen.place,
    )


RULE = Rule(code="TL408", about=INPUT_VALUES, find=find, after=frozenset({"TL401", "TL402"}))
