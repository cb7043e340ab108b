"""TL515: text, objects or nullable numbers in an array or data frame, which Keras draws no batches from."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data as DataEdit
from typedlayers.diagnostics.model import Diagnostic, Fix, Place
from typedlayers.facts.data import Source
from typedlayers.rules.data.topics import DATA, Data, Part
from typedlayers.rules.rule import Rule
from typedlayers.spec import Carrier, Kind, Spec, leaves, place_of


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for each array of text in x, and each nullable frame, where Keras draws from arrays."""
    if not data.drawn or data.batch.source is not Source.ARRAYS:
        return
    yield from (_nullable(data, part) for part in data.parts() if part.code in data.batch.nullable)
    if data.arrangement is not None and not data.arrangement.is_clear:
        return
    told = {misfit.given.path for misfit in data.misfits}
    for path, spec in leaves(data.batch.x):
        if _fails(spec) and path not in told and place_of("x", path) not in data.batch.lists:
            yield _found(data, Place("x", path), data.batch.called(path), spec)
    if data.compared:
        return  # the rules on targets say what the loss needs
    for part in data.parts():
        if part.place.part == "y" and _fails(part.spec) and part.code not in data.batch.lists:
            yield _found(data, part.place, part.code, part.spec)


def _fails(spec: Spec) -> bool:
    """Whether Keras's adapter fails on it: of one column of objects that are all text it makes a tensor."""
    objects = spec.dtype == "object" and spec.rank is not None and spec.rank > 1
    return spec.carrier is Carrier.ARRAY and (spec.kind is Kind.STRING or objects)


def _found(data: Data, place: Place, named: str, spec: Spec) -> Diagnostic:
    kind = "text" if spec.kind is Kind.STRING else "objects"
    return Diagnostic(
        "TL515",
        f"{named} for {data.model} is an array of {kind}, which Keras draws no batches from",
        where=data.where,
        gets=f"{spec} as {named}",
        needs="numbers, or a tensor of the dtype string",
        why="Keras asks for its own name of an array's dtype, and has no name for this NumPy dtype",
        fixes=_fixes(place_of("x", place.path), spec),
        place=place,
    )


def _nullable(data: Data, part: Part) -> Diagnostic:
    fixed = f'{part.code}.astype("float32")'
    return Diagnostic(
        "TL515",
        f"{part.code} for {data.model} has nullable columns of pandas, which Keras draws no batches from",
        where=data.where,
        gets=f"{part.spec} as {part.code}, of a dtype such as Int64",
        needs="columns of NumPy dtypes",
        why="Keras asks for its own name of a column's dtype, and has none for those of pandas",
        fixes=(Fix.of(DataEdit(part.code, fixed)),),
        place=part.place,
    )


def _fixes(code: str, spec: Spec) -> tuple[Fix, ...]:
    if spec.kind is Kind.STRING:
        return (Fix(f"a tensor of text: tf.constant({code})"),)
    return (
        Fix(f"if they are text, a tensor of it: tf.constant({code}.tolist()), of a column of pandas too"),
        Fix(f'if they are numbers: {code}.astype("float32")'),
    )


RULE = Rule(code="TL515", about=DATA, find=find)
