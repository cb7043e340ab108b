"""TL302: strings or objects for an input that takes numbers."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.inputs import InputSpec, LookupKind
from typedlayers.facts.values import Values
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import Misfit, MisfitKind
from typedlayers.rules.data.topics import INPUTS
from typedlayers.rules.rule import Rule
from typedlayers.spec import Kind, kind_of

ENCODED = Fix('keras.Input(..., dtype="string") and layers.StringLookup(), or encode the column as numbers')

AS_NUMBERS = Fix(
    'x.astype("float32"), if all are numbers or booleans, which NumPy holds as objects where they are mixed'
)

PADDED = Fix("keras.utils.pad_sequences(x), if its rows differ in length")

OF_OBJECTS = "an array of objects holds strings, rows that differ in length, or numbers and booleans mixed"


def find(misfit: Misfit) -> Iterator[Diagnostic]:
    """Yields the finding for text or objects, with the columns that hold them."""
    given = misfit.given
    if misfit.kind is not MisfitKind.TEXT:
        return
    columns = [name for name, dtype in given.batch.columns if kind_of(dtype) in (Kind.STRING, Kind.OTHER)]
    # a frame of mixed columns is an array of objects, most of which are numbers
    may_be_numbers = given.spec.kind is Kind.OTHER and not columns
    yield diagnostic(
        given,
        "TL302",
        f"{given.input.label} needs numbers but gets {given.spec.dtype}",
        why=OF_OBJECTS if may_be_numbers else _why(columns),
        fixes=_of_objects(given) if may_be_numbers else (_encoded(given.input, columns),),
    )


def _encoded(given: InputSpec, columns: list[str]) -> Fix:
    """Returns how words become numbers: as ids of a text, where they are looked up, or as the codes of a column."""
    if columns:
        coded = f'pd.get_dummies(x, columns=[{", ".join(map(repr, columns))}], dtype="float32")'
        return Fix(f'encode them: {coded}, or an input of the dtype "string" and a layers.StringLookup() for each')
    reads_text = given.lookup is not None and given.lookup.kind is LookupKind.ROWS
    if not reads_text:
        return ENCODED
    return Fix(f'keras.Input((1,), dtype="string") and layers.TextVectorization(...) before {given.consumer}')


def _of_objects(given: Given) -> tuple[Fix, ...]:
    """What the objects themselves tell; all that there may be if they are not at hand."""
    values = None if given.path or given.batch.values is None else Values.of(given.batch.values)
    if values is None or not given.is_x:
        return AS_NUMBERS, PADDED, ENCODED
    if values.holds_numbers:
        return (Fix.of(Data("x", 'x.astype("float32")')),)
    parts, declared = values.parts, given.input.spec.shape
    if parts is None:
        return AS_NUMBERS, PADDED, ENCODED
    if len(parts.shapes) == 1:
        return (Fix.of(Data("x", "np.stack(x)")),)
    if parts.rank == 1:
        return (Fix.of(Data("x", "keras.utils.pad_sequences(x)"), condition="its rows differ in length"),)
    if parts.rank == 3 and declared is not None and None not in declared[1:3]:
        size = f"({declared[1]}, {declared[2]})"
        made = Data("x", f"np.stack([keras.ops.image.resize(one, {size}) for one in x])")
        return (Fix.of(made, condition="pictures of one size"),)
    return AS_NUMBERS, PADDED, ENCODED


def _why(columns: list[str]) -> str:
    match columns:
        case []:
            return "strings have to be looked up or parsed before they are numbers"
        case [column]:
            return f"the column {column!r} holds no numbers"
    return f"the columns {', '.join(map(repr, columns))} hold no numbers"


RULE = Rule(code="TL302", about=INPUTS, find=find)
