"""TL513: ids have fractions, or are rounded on their way to a table."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.inputs import LookupKind
from typedlayers.rules.data.given import diagnostic
from typedlayers.rules.data.topics import IDS, Ids
from typedlayers.rules.rule import Rule


def find(ids: Ids) -> Iterator[Diagnostic]:
    """Yields the finding for ids that are not whole, or do not stay what they are in the input's dtype."""
    if ids.through is not None:
        if ids.facts.rounded is not None and ids.facts.fraction is None:
            yield _rounded(ids, *ids.facts.rounded)
    elif ids.lookup.kind is LookupKind.ROWS and ids.facts.fraction is not None:
        yield _fractions(ids, ids.facts.fraction)
    elif ids.facts.rounded is not None:
        yield _rounded(ids, *ids.facts.rounded)


def _fractions(ids: Ids, value: float) -> Diagnostic:
    label = ids.lookup.label
    return diagnostic(
        ids.given,
        "TL513",
        f"{label} needs whole ids but gets {value:g}",
        gets=ids.gets,
        needs=f"whole numbers, the rows of {label}",
        why=f"Keras cuts off the fraction: {value:g} looks up row {int(value)}",
        fixes=(
            Fix("a value with fractions is not an id: give it to layers.Dense(), not to an Embedding"),
            Fix("ids of ranges: layers.Discretization() before the Embedding"),
        ),
    )


def _rounded(ids: Ids, value: int, became: int) -> Diagnostic:
    declared, label = ids.given.input, ids.lookup.label
    dtype = "int64" if ids.through is None else "int32"  # the rows of an Embedding are int32 or int64
    whole = (Argument(f'Input "{declared.name}"', "dtype", f'"{dtype}"'),) if declared.key else ()
    if ids.through is not None:
        by = ids.through.label
        headline = f"{by} computes in {ids.through.dtype} and rounds the id {value} to {became}"
        why = f"Keras casts floats to the compute dtype of {by}, before {label} looks them up"
    else:
        headline = f"{declared.label} is {declared.spec.dtype} and rounds the id {value} to {became}"
        why = f"Keras casts the ids to the input's dtype before {label} looks them up"
    return diagnostic(
        ids.given,
        "TL513",
        headline,
        gets=ids.gets,
        needs=f"a dtype that holds every id, for {label}",
        why=why,
        fixes=(Fix(f'an input of whole numbers: keras.Input(..., dtype="{dtype}")', edits=whole),),
    )


RULE = Rule(code="TL513", about=IDS, find=find)
