"""TL301: a float64 tensor for an input of lower precision."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.ids import EXACT_BITS
from typedlayers.rules.data.given import diagnostic
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for a float64 tensor that Keras would round."""
    given, needed = misfit.given, misfit.given.input.spec.dtype
    if misfit.kind is not MisfitKind.FLOAT64 or needed is None:
        return
    cast, repair = f'tf.cast(x, "{needed}")', Repair("cast", dtype=needed)
    yield diagnostic(
        given,
        "TL301",
        f"{given.input.label} is {needed} but gets a float64 tensor",
        why=f"Keras silently casts the tensor to {needed}; precision drops from 53 to {EXACT_BITS[needed]} bits",
        fixes=(
            Fix(f'{cast}, or dtype="{needed}" where x is made', repair, given.edits(cast)),
            Fix('keras.Input(..., dtype="float64") and layers of dtype="float64", to compute in double precision'),
        ),
        repair=repair,
    )


RULE = Rule(code="TL301", about=INPUTS, find=find)
