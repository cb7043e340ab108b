"""Values that are looked up: whether they are ids that the layer behind the input knows, and whole on their way."""

from __future__ import annotations

from typedlayers.diagnostics.edit import Argument, Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.inputs import Intake, Reader, Reads
from typedlayers.facts.values import IdFacts
from typedlayers.spec import Spec


def check_ids(intake: Intake, reader: Reader, facts: IdFacts, spec: Spec, place: str) -> Diagnostic | None:
    """Returns what is wrong with values that go straight into a table, None if nothing is.

    Args:
        intake: the input.
        reader: the layer that looks them up.
        facts: what was seen of them.
        spec: the tensor.
        place: the tensor in the user's names.
    """
    gets = f"{spec}, values {facts.low:g}..{facts.high:g}, as {place}"
    if reader.reads is Reads.ROWS and facts.fraction is not None:
        return _fractions(intake, reader, facts.fraction, gets)
    if facts.rounded is not None:
        return _rounded(intake, reader, facts.rounded, gets)
    if reader.reads is Reads.ROWS and facts.low < 0:
        return _negative(intake, reader, facts, gets, place)
    if reader.size is not None and facts.high >= reader.size:
        return _beyond(intake, reader, facts, gets, place)
    return None


def _fractions(intake: Intake, reader: Reader, value: float, gets: str) -> Diagnostic:
    return Diagnostic(
        "TL513",
        f"{reader.label} needs whole ids but gets {value:g}",
        where=intake.where,
        gets=gets,
        needs=f"whole numbers, the rows of {reader.label}",
        why=f"Keras cuts off the fraction: {value:g} looks up row {int(value)}",
        fixes=(
            Fix("what has fractions is no id: give it to layers.Dense(), not to an Embedding"),
            Fix("ids of ranges: layers.Discretization() before the Embedding"),
        ),
    )


def _rounded(intake: Intake, reader: Reader, rounded: tuple[int, int], gets: str) -> Diagnostic:
    value, became = rounded
    return Diagnostic(
        "TL513",
        f"{intake.who} is {intake.spec.dtype} and rounds the id {value} to {became}",
        where=intake.where,
        gets=gets,
        needs=f"a dtype that holds every id, for {reader.label}",
        why=f"Keras casts the ids to the input's dtype before {reader.label} looks them up",
        fixes=(Fix('an input of whole numbers: keras.Input(..., dtype="int64")', edits=_whole(intake)),),
    )


def _whole(intake: Intake) -> tuple[Edit, ...]:
    return (Argument(f'Input "{intake.name}"', "dtype", '"int64"'),) if intake.key else ()


def _negative(intake: Intake, reader: Reader, facts: IdFacts, gets: str, place: str) -> Diagnostic:
    low = int(facts.low)
    rows = "" if reader.size is None else f", {low} is row {reader.size + low}"
    larger = "" if reader.size is None else f"{reader.size + 1}, ..., "
    shifted = f"pad with 0 and shift the ids by one: x + 1, with Embedding({larger}mask_zero=True)"
    return Diagnostic(
        "TL512",
        f"{reader.label} needs ids from 0 but gets the negative {low}",
        where=intake.where,
        gets=gets,
        needs=_known(reader),
        why=f"a negative id counts rows from the end{rows}; padding is taken for a word",
        fixes=(Fix(shifted, edits=_shifted(reader, place)),) if low == -1 else (),
    )


def _shifted(reader: Reader, place: str) -> tuple[Edit, ...]:
    if place != "x" or reader.size is None:
        return ()
    rows = Argument(reader.label, reader.argument, str(reader.size + 1))
    return (Data("x", "x + 1"), rows, Argument(reader.label, "mask_zero", "True"))


def _beyond(intake: Intake, reader: Reader, facts: IdFacts, gets: str, place: str) -> Diagnostic:
    high, size = int(facts.high), reader.size or 0
    larger = Argument(reader.label, reader.argument, str(high + 1))
    fixes = [Fix(f"{reader.argument}={high + 1}: the largest id + 1", edits=(larger,))]
    if high == size and facts.low >= 1:
        shifted = (Data("x", "x - 1"),) if place == "x" else ()
        fixes.append(Fix("x - 1, if the ids count from 1 and none stands for padding", edits=shifted))
    silent = "its row becomes all zero" if reader.reads is Reads.CODES else "on a CPU the first batch with it fails"
    more = "" if reader.reads is Reads.CODES else "; compiled by XLA, as on a GPU, it passes and means nothing"
    return Diagnostic(
        "TL512",
        f"{reader.label} knows {size} ids, 0 to {size - 1}, but gets {high}",
        where=intake.where,
        gets=gets,
        needs=_known(reader),
        why=f"{reader.argument}={size} leaves no place for {high}: {silent}{more}",
        fixes=tuple(fixes),
    )


def _known(reader: Reader) -> str:
    return "ids from 0" if reader.size is None else f"ids from 0 to {reader.size - 1}, for {reader.label}"
