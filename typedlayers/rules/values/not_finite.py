"""TL402: NaN or infinity in the data reaches the first weights."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.evidence import Use
from typedlayers.rules.rule import Rule
from typedlayers.rules.values.seen import INPUT_VALUES, SeenInput
from typedlayers.rules.values.ways import first_weights_of_nan
from typedlayers.spec import Carrier


def find(seen: SeenInput) -> Iterator[Diagnostic]:
    """Yields the finding in training and validation; a layer on the way that may take care of it ends the rule."""
    # every row is looked at, but only where a loss is made of all of them
    judged = seen.use.trains or seen.use is Use.VALIDATION
    gaps = seen.values.gaps if judged and seen.graph is not None and seen.edge is not None else None
    if gaps is None or not (gaps.nan or gaps.infinite):
        return
    assert seen.graph is not None
    assert seen.edge is not None
    reached = first_weights_of_nan(seen.graph, seen.edge)
    if reached is None:
        return
    what, count = ("NaN", gaps.nan) if gaps.nan else ("infinity", gaps.infinite)
    yield Diagnostic(
        RULE.code,
        f"{count} of {gaps.count} values of {seen.label} {'is' if count == 1 else 'are'} {what}"
        f" and {'reaches' if count == 1 else 'reach'} {reached.subject.label}",
        where=seen.where,
        gets=str(seen.spec),
        needs="finite numbers",
        why=f"one {what} in a batch makes the {_made(seen.use)}",
        fixes=(
            _filled(seen),
            Fix("find where they come from: np.argwhere(~np.isfinite(x))"),
        ),
    )


def _filled(seen: SeenInput) -> Fix:
    """Rows of a table are dropped, their targets with them; numbers elsewhere are filled in."""
    code, edits = "np.nan_to_num(x)", tuple[Edit, ...]()
    if seen.spec.carrier is not Carrier.ARRAY:
        code = "tf.where(tf.math.is_finite(x), x, 0.0)"
        edits = (Data("x", code),)
    elif seen.spec.rank == 2 and seen.use.trains and seen.has_y:
        finite = "np.isfinite(x).all(axis=1)"
        edits = (Data("y", f"y[{finite}]"), Data("x", f"x[{finite}]"))
    else:
        edits = (Data("x", "np.nan_to_num(x, posinf=0, neginf=0)"),)
    text = f"fill them before training: {code}, or drop the rows"
    return Fix(text, edits=() if seen.place.path else edits)


def _made(use: Use) -> str:
    if use is Use.VALIDATION:
        return "validation loss NaN, and what watches it, such as EarlyStopping, sees no change any more"
    return "loss NaN, and with it every weight"


RULE = Rule(code="TL402", about=INPUT_VALUES, find=find)
