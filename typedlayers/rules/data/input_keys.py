"""TL506: the keys of a dict are not the names of the model's inputs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix
from typedlayers.facts.data import Source
from typedlayers.rules.data.arrangement import Arrangement, ArrangementKind, quoted
from typedlayers.rules.data.given import mapped_dataset
from typedlayers.rules.data.topics import ARRANGEMENT
from typedlayers.rules.rule import Rule

SIMILAR = 0.5
"""Similarity of a key to a missing name from which on it is taken for a misspelling."""


def find(arrangement: Arrangement) -> Iterator[Diagnostic]:
    """Yields the finding for missing keys, and for extra keys that shift the others."""
    match arrangement.kind:
        case ArrangementKind.MISSING_KEYS:
            yield _missing(arrangement)
        case ArrangementKind.SHIFTING_KEYS:
            yield _shifting(arrangement)


def _missing(arrangement: Arrangement) -> Diagnostic:
    names, keys = quoted(arrangement.names), quoted(arrangement.keys)
    by_name = Fix(f"the names of the inputs as keys: {{{', '.join(f'{name!r}: ...' for name in arrangement.names)}}}")
    renamed = _renamed(arrangement)
    return Diagnostic(
        "TL506",
        f"{arrangement.model} needs the inputs {names} but gets the keys {keys}",
        where=arrangement.where,
        gets=f"a dict with the keys {keys} as {arrangement.batch.what}",
        needs=f"a key for each input of the model: {names}",
        why=f"there is nothing under {quoted(arrangement.missing)}, and Keras looks for inputs by these names",
        fixes=(by_name,) if renamed is None else (renamed, by_name),
    )


def _renamed(arrangement: Arrangement) -> Fix | None:
    """The fix that gives each missing name the value of the key spelled like it, None if one is spelled like none."""
    extra = arrangement.extra
    near = {name: difflib.get_close_matches(name, extra, n=1, cutoff=SIMILAR) for name in arrangement.missing}
    found: Mapping[str, str] = {name: match[0] for name, match in near.items() if match}
    if len(set(found.values())) < len(arrangement.missing):
        return None
    kept = {key: key for key in arrangement.keys if key not in found.values()}
    code = ", ".join(f"{new!r}: x[{old!r}]" for new, old in {**kept, **found}.items())
    text = "rename the keys: " + ", ".join(f"{old!r} to {new!r}" for new, old in found.items())
    return Fix(text, edits=(Data("x", f"{{{code}}}"),))


def _shifting(arrangement: Arrangement) -> Diagnostic:
    order = sorted(arrangement.names)
    counted = zip(arrangement.keys, order, strict=False)
    wrong = [f"{key!r} goes into {name!r}" for key, name in counted if key != name]
    edit = _without_extra(arrangement, order)
    return Diagnostic(
        "TL506",
        f"the extra key {quoted(arrangement.extra)} shifts the inputs of {arrangement.model}",
        where=arrangement.where,
        gets=f"a dict with the keys {quoted(arrangement.keys)} as {arrangement.batch.what}",
        needs=f"the keys {quoted(order)}, one for each input",
        why=f"Keras sorts the keys and matches them to its inputs by position: {', '.join(wrong)}",
        fixes=(Fix(f"drop the keys that are not an input: {edit.code}", edits=(edit,)),),
    )


def _without_extra(arrangement: Arrangement, order: list[str]) -> Data:
    kept = f"{{name: x[name] for name in {tuple(order)!r}}}"
    if arrangement.batch.source is Source.DATASET:
        return mapped_dataset(arrangement.batch, kept)
    return Data("x", kept)


RULE = Rule(code="TL506", about=ARRANGEMENT, find=find)
