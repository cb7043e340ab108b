"""TL411: images of whole numbers that are 0 everywhere: they were divided, and made whole numbers again."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import is_image
from typedlayers.spec import Kind, kind_of


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding for several images in training; zeros of floats, or in a prediction, try a model out."""
    facts, one = seen.facts, seen.values_of_one
    whole = seen.spec.dtype is not None and kind_of(seen.spec.dtype) is Kind.INTEGER
    if not seen.use.trains or not whole or not is_image(seen.spec) or one is None or facts.count <= one:
        return
    if facts.low == facts.high == 0:
        yield Diagnostic(
            RULE.code,
            f"{seen.label} gets images that are all 0",
            where=seen.where,
            gets=f"{seen.spec}, values 0..0",
            needs="pictures",
            why="whole numbers that are divided by 255 and made whole numbers again are all 0",
            fixes=(
                Fix(
                    'x.astype("float32") / 255, with x as the images were read: floats first, then the division',
                    edits=(Rewrite(f'(_x / _most).astype("{seen.spec.dtype}")', '_x.astype("float32") / _most'),),
                ),
            ),
            certainty=Certainty.PERHAPS,
        )


RULE = Rule(code="TL411", about=INPUT_VALUES, find=find)
