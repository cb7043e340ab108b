"""TL309: a function of a dataset takes a number from pictures of bytes, or adds one, in bytes."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.data.topics import DATA, Data
from typedlayers.rules.rule import Rule


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding, a perhaps: arithmetic modulo 256 may be meant."""
    made = data.batch.pipeline
    if made is None or not made.wraps:
        return
    example = "100 - 128 is 228" if made.wraps.startswith("-") else "250 + 50 is 44"
    yield Diagnostic(
        RULE.code,
        f"a map of {data.batch.what} for {data.model} computes `x {made.wraps}` with bytes, which wrap around",
        where=data.where,
        needs="floats before the first sum",
        why=f"uint8 stays uint8: {example}",
        fixes=(Fix(f'tf.cast(x, "float32") {made.wraps} in place of x {made.wraps}'),),
        certainty=Certainty.PERHAPS,
    )


RULE = Rule(code="TL309", about=DATA, find=find)
