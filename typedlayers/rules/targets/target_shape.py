"""TL601: targets have another shape than their output."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Repair
from typedlayers.facts.pairing import Disagreement, disagreement
from typedlayers.rules.rule import Need, Rule
from typedlayers.rules.targets.causes import cause_of
from typedlayers.rules.targets.encoding import is_encoding, shape_fault
from typedlayers.rules.targets.pair import OUTPUTS, Pair, diagnostic, fixes
from typedlayers.spec import shape_text


def find(pair: Pair) -> Iterator[Diagnostic]:
    """Yields the finding, with the likeliest cause on the way to the output."""
    found = shape_fault(pair)
    if found is not None and not is_encoding(pair, found):
        yield _mismatch(pair, found)


def _mismatch(pair: Pair, found: Disagreement) -> Diagnostic:
    assert pair.loss is not None
    assert pair.shape is not None
    cause = cause_of(pair.head, pair.loss.contract.pairing, pair.shape, found)
    silent = "Keras broadcasts the two in silence" if found.silent else ""
    return diagnostic(
        pair,
        RULE.code,
        f"{pair.named} needs targets of shape {shape_text(found.needed)} but gets {shape_text(pair.shape)}",
        why="; ".join(part for part in (cause.why, silent) if part),
        fixes=fixes(*cause.fixes),
        repairs=_with_places(pair),
        place=pair.place,
    )


def _with_places(pair: Pair) -> tuple[Repair, ...]:
    """Axes of size 1 for the places of an output that has one place only, ``(batch, 1, 1, classes)``."""
    target, output, loss = pair.shape, pair.head.shape, pair.loss
    if target is None or output is None or loss is None or any(size != 1 for size in output[1:-1]):
        return ()
    missing = len(output) - 2
    placed = (None, *[1] * missing, *target[1:])
    if missing < 1 or len(target) > 2 or disagreement(loss.contract.pairing, placed, output) is not None:
        return ()
    return (Repair("expand_dims", axis=1),) * missing


RULE = Rule(code="TL601", about=OUTPUTS, find=find, needs=(Need.TARGETS,), after=frozenset({"TL214", "TL610"}))
