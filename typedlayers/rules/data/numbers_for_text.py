"""TL514: numbers for an input that takes text."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.data.given import diagnostic
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for numbers where text is needed."""
    given = misfit.given
    if misfit.kind is not MisfitKind.NUMBERS:
        return
    dtype = given.spec.dtype
    yield diagnostic(
        given,
        "TL514",
        f"{given.input.label} needs text but gets {dtype}",
        why="TensorFlow cannot cast numbers to text, so the first batch fails",
        fixes=(
            Fix("as text: tf.strings.as_string(x), if the words of the vocabulary are these numbers"),
            Fix(f'keras.Input(..., dtype="{dtype}"), with layers.IntegerLookup() for whole numbers'),
        ),
    )


RULE = Rule(code="TL514", about=INPUTS, find=find)
