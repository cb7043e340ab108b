"""TL509: a Python list is given where one array is needed."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data as DataEdit
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.facts.data import Source
from typedlayers.facts.values import Values
from typedlayers.rules.data.arrangement import Arrangement, ArrangementKind
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.misfit import NUMBERS, MisfitKind, shape_misfit
from typedlayers.rules.data.topics import DATA, Data, Part
from typedlayers.rules.rule import Rule
from typedlayers.spec import Kind, Spec, kind_of

PADDED = Fix("rows of one length: keras.utils.pad_sequences(x, padding='post')")


def find(data: Data) -> Iterator[Diagnostic]:
    """Yields the finding for each list: of samples, for an input, as targets or weights."""
    if data.arrangement is not None and data.arrangement.kind is ArrangementKind.LIST_OF_SAMPLES:
        yield _samples(data.arrangement)
    for misfit in data.misfits:
        if misfit.kind is MisfitKind.PYTHON_LIST:
            yield _for_input(misfit.given)
    for part in data.other_lists():
        yield _other(data, part)


def _samples(arrangement: Arrangement) -> Diagnostic:
    declared, (first, *rest) = arrangement.inputs[0], [spec for _, spec in arrangement.tensors]
    array = f"{arrangement.join}(x)"
    return Diagnostic(
        "TL509",
        f"{declared.label} needs one array but gets a list of {len(rest) + 1} samples",
        where=arrangement.where,
        gets=f"a list of {len(rest) + 1}, the first {first}, as {arrangement.batch.what}",
        needs=f"{declared.spec}, for {declared.consumer}",
        why="Keras takes a list for several inputs, one for each item",
        fixes=(Fix(f"one array: {array}", edits=(DataEdit("x", array),)),),
    )


def _is_even(spec: Spec) -> bool:
    """Whether all rows have one length, so that the list makes an array."""
    return spec.shape is not None and None not in spec.shape


def _for_input(given: Given) -> Diagnostic:
    found = diagnostic(
        given,
        "TL509",
        f"{given.input.label} needs an array but gets a Python list",
        why="Keras takes a list for several inputs, and every number in it for a tensor",
    )
    if not _is_even(given.spec):
        why = "Keras takes a list for several inputs; and the rows of this one differ in length"
        return found.with_(why=why, fixes=(PADDED,))
    if shape_misfit(given) is not None:
        return found  # an array of it would not fit either
    needed = given.input.spec.dtype
    cast = given.spec.kind in NUMBERS and needed is not None and kind_of(needed) is not Kind.STRING
    values = given.batch.value_at(given.path)
    unfit = values.unfit(needed) if cast and needed is not None and isinstance(values, Values) else None
    if unfit is not None:
        return found.with_(why=f"Keras takes a list for several inputs; and as {needed} its values change: {unfit}")
    array = f'np.array(x, dtype="{needed}")' if cast else "np.array(x)"
    repairs = given.feasible(Repair("cast", dtype=needed)) if cast else ()
    return found.with_(fixes=(Fix(f"an array: {array}", edits=given.edits(array)),), repairs=repairs)


def _other(data: Data, part: Part) -> Diagnostic:
    spec, array = part.spec, f"np.array({part.code})"
    even = _is_even(spec)
    numbers = spec.kind in (Kind.INTEGER, Kind.BOOL, Kind.FLOAT)
    # Keras leaves integers as NumPy has them; floats become floatx
    cast = Repair("cast", dtype="float32" if spec.kind is Kind.FLOAT else spec.dtype)
    edits = () if part.place.path else (DataEdit(part.code, array),)
    return Diagnostic(
        "TL509",
        f"{part.code} for {data.model} is a Python list where an array is needed",
        where=data.where,
        gets=f"a list that would make {spec}",
        needs="an array or a tensor",
        why="Keras takes a list for several tensors, and every number in it for one",
        fixes=(Fix(f"an array: {array}", edits=edits),) if even else (),
        repairs=data.feasible(cast, part.place) if even and numbers and data.batch.source is Source.ARRAYS else (),
        place=part.place,
    )


RULE = Rule(code="TL509", about=DATA, find=find)
