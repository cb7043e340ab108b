"""TL303: complex numbers for an input that takes real ones."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.rules.data.given import diagnostic
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule

PARTS = "np.concatenate([x.real, x.imag], axis=-1)"


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for complex numbers whose imaginary part would be discarded."""
    given = misfit.given
    if misfit.kind is not MisfitKind.COMPLEX:
        return
    yield diagnostic(
        given,
        "TL303",
        f"{given.input.label} needs real numbers but gets {given.spec.dtype}",
        why=f"Keras casts to {given.input.spec.dtype} and discards the imaginary part",
        fixes=(
            Fix(f"perhaps real and imaginary parts as features of a wider input: {PARTS}"),
            Fix("feed the magnitude: np.abs(x)", edits=given.edits("np.abs(x)")),
        ),
    )


RULE = Rule(code="TL303", about=INPUTS, find=find)
