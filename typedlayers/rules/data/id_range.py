"""TL512: ids are negative, or beyond what the layer that looks them up knows."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Argument, Data, Edit, Rewrite
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix
from typedlayers.facts.ids import NAN_AS_ID
from typedlayers.facts.inputs import Lookup, LookupKind
from typedlayers.rules.data.given import Given, diagnostic
from typedlayers.rules.data.topics import IDS, Ids
from typedlayers.rules.rule import Rule


def find(ids: Ids) -> Iterator[Diagnostic]:
    """Yields the finding for ids that have no row of their own."""
    if ids.through is not None:
        return
    lookup, facts = ids.lookup, ids.facts
    rows = lookup.kind is LookupKind.ROWS
    if rows and facts.missing:
        yield _missing(ids, f"{facts.missing} of its ids are NaN", str(facts.missing))
    elif rows and facts.fraction is not None:
        return  # these are not ids: TL513
    elif rows and facts.low in NAN_AS_ID:
        yield _missing(ids, f"gets the id {facts.low:.0f}", "some")
    elif rows and facts.low < 0:  # CategoryEncoding leaves -1 out, which multi-hot rows use on purpose
        yield _negative(ids, int(facts.low))
    elif lookup.size is not None and facts.high >= lookup.size:
        yield _beyond(ids, lookup.size, int(facts.high))


def _missing(ids: Ids, what: str, count: str) -> Diagnostic:
    """NaN is no id; cast to whole numbers before or by Keras, it is the least number of the dtype."""
    missing = "1 value is missing" if count == "1" else f"{count} values are missing"
    as_text = "x.fillna(0)" if ids.given.batch.columns else "np.nan_to_num(x)"
    return diagnostic(
        ids.given,
        "TL512",
        f"{ids.lookup.label} needs ids from 0 but {what}",
        gets=ids.gets,
        needs=_known(ids.lookup),
        why=f"{missing}: NaN as a whole number is -2147483648, or -9223372036854775808 in int64",
        fixes=(
            Fix(
                f"an id of its own for what is missing, before anything is cast: 0 by {as_text}, the others + 1",
                edits=tuple(_filled(ids)),
            ),
        ),
    )


def _filled(ids: Ids) -> Iterator[Edit]:
    """0 for what is missing; the other ids make room for it if one of them is 0."""
    if not ids.given.is_x or not ids.facts.missing:
        return
    lookup = ids.lookup
    if ids.facts.low >= 1:
        yield Data("x", 'np.nan_to_num(x).astype("int32")')
    elif lookup.size is not None:
        yield Data("x", '(np.nan_to_num(x, nan=-1) + 1).astype("int32")')
        yield Argument(lookup.label, lookup.argument, str(lookup.size + 1))


def _negative(ids: Ids, low: int) -> Diagnostic:
    size = ids.lookup.size
    row = "" if size is None else f", {low} is row {size + low}"
    return diagnostic(
        ids.given,
        "TL512",
        f"{ids.lookup.label} needs ids from 0 but gets the negative {low}",
        gets=ids.gets,
        needs=_known(ids.lookup),
        why=f"a negative id counts rows from the end{row}; padding is taken for a word",
        fixes=(_padded_with_0(ids.given, ids.lookup),) if low == -1 else (),
    )


def _padded_with_0(given: Given, lookup: Lookup) -> Fix:
    if lookup.size is None:
        return Fix("pad with 0 and shift the ids by one: x + 1, with Embedding(mask_zero=True)")
    size = lookup.size + 1
    text = f"pad with 0 and shift the ids by one: x + 1, with Embedding({size}, ..., mask_zero=True)"
    larger = Argument(lookup.label, lookup.argument, str(size))
    shifted = (Data("x", "x + 1"), larger, Argument(lookup.label, "mask_zero", "True"))
    return Fix(text, edits=shifted if given.is_x else ())


def _beyond(ids: Ids, size: int, high: int) -> Diagnostic:
    lookup = ids.lookup
    source = f" from {ids.given.input.label}" if lookup.is_op else ""  # an op has no name of the user's
    certainty = Certainty.PERHAPS if lookup.is_op else Certainty.CERTAIN
    larger = Argument(lookup.label, lookup.argument, str(high + 1))
    counted = Rewrite(f"one_hot(_x, {size}, ...)", f"one_hot(_x, {high + 1}, ...)")
    fixes = [Fix(f"{lookup.argument}={high + 1}: the largest id + 1", edits=(counted if lookup.is_op else larger,))]
    if high == size and ids.facts.low >= 1:
        shifted = (Data("x", "x - 1"),) if ids.given.is_x else ()
        fixes.append(Fix("x - 1, if the ids count from 1 and none stands for padding", edits=shifted))
    return diagnostic(
        ids.given,
        "TL512",
        f"{lookup.label} knows {size} ids, 0 to {size - 1}, but gets {high}{source}",
        gets=ids.gets,
        needs=_known(lookup),
        why=f"{lookup.argument}={size} leaves no place for {high}: {_effect(lookup)}",
        fixes=tuple(fixes),
        certainty=certainty,
    )


def _effect(lookup: Lookup) -> str:
    if lookup.kind is LookupKind.CODES:
        return "its row becomes all zero"
    return "on a CPU the first batch with it fails; compiled by XLA, as on a GPU, it passes and means nothing"


def _known(lookup: Lookup) -> str:
    return "ids from 0" if lookup.size is None else f"ids from 0 to {lookup.size - 1}, for {lookup.label}"


RULE = Rule(code="TL512", about=IDS, find=find)
