"""TL507: another number of tensors is given than the model has inputs, or a list where their order is not known."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from typedlayers.diagnostics.edit import Data, Edit
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.facts.shapes import takes
from typedlayers.rules.data.arrangement import Arrangement, ArrangementKind, quoted
from typedlayers.rules.data.topics import ARRANGEMENT
from typedlayers.rules.rule import Rule
from typedlayers.spec import Spec

MOST_LISTED = 4
"""Tensors that a message lists."""


def find(arrangement: Arrangement) -> Iterator[Diagnostic]:
    """Yields the finding for a wrong count, and for a list where a dict is needed."""
    match arrangement.kind:
        case ArrangementKind.DICT_NEEDED:
            yield _dict_needed(arrangement)
        case ArrangementKind.WRONG_COUNT:
            yield _wrong_count(arrangement)


def _dict_needed(arrangement: Arrangement) -> Diagnostic:
    keys, count = quoted(arrangement.names), len(arrangement.names)
    named = "{" + ", ".join(f"{key!r}: x[{index}]" for index, key in enumerate(arrangement.names)) + "}"
    return Diagnostic(
        "TL507",
        f"{arrangement.model} needs a dict with the keys {keys} but gets a list of {count}",
        where=arrangement.where,
        gets=f"a list of {count} tensors as {arrangement.batch.what}",
        needs=f"a dict with the keys {keys}",
        why="the keys were not declared in sorted order, so a list could be meant in two orders; Keras rejects it",
        fixes=(Fix(f"a dict: {named}", edits=(Data("x", named),)),),
    )


def _wrong_count(arrangement: Arrangement) -> Diagnostic:
    needed, got = len(arrangement.inputs), len(arrangement.tensors)
    listed = "; ".join(str(spec) for _, spec in arrangement.tensors[:MOST_LISTED])
    why, fix = _cause(arrangement)
    taken_apart = tuple(Fix.of(edit) for edit in _apart(arrangement))
    return Diagnostic(
        "TL507",
        f"{arrangement.model} has {needed} input{'s' * (needed != 1)} but gets {got} tensor{'s' * (got != 1)}",
        where=arrangement.where,
        gets=f"{listed}{'; ...' * (got > MOST_LISTED)} as {arrangement.batch.what}",
        needs="; ".join(f"{one.key or one.name}: {one.spec}" for one in arrangement.inputs),
        why=why,
        fixes=taken_apart or (() if not fix else (Fix(fix, edits=tuple(_nested(arrangement))),)),
    )


def _apart(arrangement: Arrangement) -> Iterator[Edit]:
    """One array that holds what all inputs take: along an axis of its own, or in its columns."""
    batch, inputs = arrangement.batch, [one.spec.shape for one in arrangement.inputs]
    x = batch.x.shape if isinstance(batch.x, Spec) else None
    if batch.source is not Source.ARRAYS or x is None or len(inputs) < 2:
        return
    parts: list[str] = []
    if len(x) > 2 and x[1] == len(inputs) and all(takes(one, (x[0], *x[2:])) for one in inputs):
        parts = [f"x[:, {index}]" for index in range(len(inputs))]
    widths = [one[-1] if one is not None and len(one) == 2 else None for one in inputs]
    if len(x) == 2 and None not in widths and sum(width or 0 for width in widths) == x[1]:
        ends = list(itertools.accumulate(width or 0 for width in widths))
        parts = [f"x[:, {start or ''}:{end}]" for start, end in zip((0, *ends), ends, strict=False)]
    if parts:
        named = ", ".join(f"{one.key!r}: {part}" for one, part in zip(arrangement.inputs, parts, strict=True))
        keyed = all(one.key is not None for one in arrangement.inputs)
        yield Data("x", f"{{{named}}}" if keyed else f"[{', '.join(parts)}]")


def _nested(arrangement: Arrangement) -> Iterator[Edit]:
    """The elements of a dataset that were zipped flat: inputs, then the targets, where Keras takes x, y and weights."""
    batch, names = arrangement.batch, [f"x{index + 1}" for index in range(len(arrangement.inputs))]
    parts = [part for part in (batch.x, batch.y, batch.weight) if part is not None]
    flat = len(names) > 1 and all(isinstance(part, Spec) for part in parts)
    if flat and batch.source is Source.DATASET and len(parts) == len(names) + 1:
        yield Data("ds", f"ds.map(lambda {', '.join(names)}, y: (({', '.join(names)}), y))")


def _cause(arrangement: Arrangement) -> tuple[str, str]:
    """The cause of a wrong count and its fix, empty where nothing is known."""
    batch, needed, got = arrangement.batch, len(arrangement.inputs), len(arrangement.tensors)
    if _ends_with_targets(arrangement):
        elements = batch.source in (Source.DATASET, Source.DRAWN)
        return (
            "the last tensor may be the targets, not a model input",
            "perhaps an element should be (x, y), not x alone"
            if elements
            else "perhaps fit(x, y), with two arguments, not fit((x, y))",
        )
    if got > needed:
        return "Keras matches them by position; the surplus is left out or rejected", ""
    keys = tuple(one.key for one in arrangement.inputs)
    if batch.columns:
        columns = f"a dict of its columns: {{name: frame[name] for name in {keys!r}}}"
        return "a data frame is one tensor; Keras does not split it into columns", columns
    return "", f"one tensor for each input, by name: {{{', '.join(f'{key!r}: ...' for key in keys)}}}"


def _ends_with_targets(arrangement: Arrangement) -> bool:
    """Whether there is one tensor too many and no y: x and y may have been given as one argument."""
    if len(arrangement.tensors) != len(arrangement.inputs) + 1 or arrangement.batch.y is not None:
        return False
    _, first = arrangement.tensors[0]
    return first is not None and takes(arrangement.inputs[0].spec.shape, first.shape)


RULE = Rule(code="TL507", about=ARRANGEMENT, find=find)
