"""TL511: ragged tensors reach a layer that takes dense ones only."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.data.given import Given, diagnostic, mapped_dataset
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for ragged tensors."""
    given, layer = misfit.given, misfit.given.input.dense_only
    if misfit.kind is not MisfitKind.RAGGED:
        return
    yield diagnostic(
        given,
        "TL511",
        f"{layer} needs dense tensors but {given.what} gives ragged ones",
        needs=f"a dense tensor, for {layer}",
        why=f"Keras 3 passes ragged tensors on unchanged, and {layer} fails on them",
        fixes=(_padded(given), Fix("perhaps skip the padding: layers.Masking(), or Embedding(..., mask_zero=True)")),
    )


def _padded(given: Given) -> Fix:
    if given.batch.source is not Source.DATASET or given.path:
        return Fix(f"pad them to a dense tensor: {given.code}.to_tensor()")
    mapped = mapped_dataset(given.batch, "x.to_tensor()")
    return Fix(f"pad them: {mapped.code}", edits=(mapped,))


RULE = Rule(code="TL511", about=INPUTS, find=find)
