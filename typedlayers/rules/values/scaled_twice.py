"""TL404: images that are in a unit range already are divided by 255 once more."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Remove
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.graph import Maker, Node
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput, Way
from typedlayers.rules.values.ways import divides_bytes, followed, is_image
from typedlayers.spec import RangeClass


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for the first Rescaling, or op, that divides what is in a unit range already."""
    if not is_image(seen.spec) or not seen.facts.finite:
        return
    found = next((one for way in seen.ways if (one := _second_division(seen, way)) is not None), None)
    if found is not None:
        yield found.with_(certainty=Certainty.PERHAPS) if seen.is_trial else found


def _second_division(seen: SeenInput, way: Way) -> Diagnostic | None:
    ready = seen.facts.family in (RangeClass.UNIT, RangeClass.SIGNED_UNIT) and not seen.facts.whole
    divided: Node | None = None
    for node, low, high in followed(seen.facts, way):
        step = divides_bytes(node)
        if step is None:
            continue
        small = max(abs(low), abs(high)) <= 2  # 16-bit images are divided twice, what was multiplied once more
        if small and (divided is not None or ready):
            before = "already" if divided is None else f"after {divided.subject.label}"
            return _told(seen, node, step, (low, high), before)
        divided = node
    return None


def _told(
    seen: SeenInput, node: Node, step: tuple[float, float], values: tuple[float, float], before: str
) -> Diagnostic:
    (scale, offset), (low, high) = step, values
    short = node.subject.short
    return Diagnostic(
        RULE.code,
        f"{node.subject.label} divides images by {1 / abs(scale):g} that are {before} in {low:.3g}..{high:.3g}",
        where=seen.where if node.maker is Maker.OP else node.subject.where,
        gets=f"{seen.spec} from {seen.label}, values {seen.facts}",
        needs="values 0..255",
        why=f"scaled twice, all values lie within {abs(high * scale):.2g} of {offset:g}",
        fixes=(
            Fix("feed the images as they are, 0..255, if it is you who divides them before the model"),
            Fix(f"remove {short}, if it is yours", edits=() if node.maker is Maker.OP else (Remove(short),)),
        ),
    )


RULE = Rule(code="TL404", about=INPUT_VALUES, find=find, after=frozenset({"TL402"}))
