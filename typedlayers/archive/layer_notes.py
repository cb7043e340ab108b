"""A layer's notes, which Keras's config lacks: annotations, allowances, repairs; as plain data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, TypeAlias

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import State, state_of
from typedlayers.bridge.stack import sublayers
from typedlayers.contracts.notation import UnknownNotation, noted, read
from typedlayers.diagnostics.codes import UnknownRule
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.repair_notes import MOST_AXES, UnreadableNotes, read_repair, repair_data, shown
from typedlayers.spec import Spec
from typedlayers.verdict import source
from typedlayers.verdict.allow import codes_of, is_allowed
from typedlayers.verdict.ledger import Entry

LayerNotes: TypeAlias = Mapping[str, Any]
"""The notes of layers, by their place in the saved one (`places`)."""

SEVERAL: Final = "#"
"""Separates class and number where a layer has several inner ones of a class."""


def places(layer: Any, enters: Callable[[Any], bool] = lambda _: True, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yields a layer and those inside it, each with its place: ``""``, ``"Dense"``, ``"Encoder/Dense#1"``.

    Places are classes and counts, as in Keras's weights: Keras may choose other names after reloading.

    Args:
        layer: the outermost layer.
        enters: returns True for an inner layer to go into.
        place: the place of ``layer`` itself.
    """
    yield place, layer
    met: dict[str, int] = {}
    for inner in sublayers(layer):
        name = type(inner).__name__
        number = met[name] = met.get(name, -1) + 1
        below = f"{name}{SEVERAL}{number}" if number else name
        if enters(inner):
            yield from places(inner, enters, f"{place}/{below}" if place else below)


def notes_of(layer: Any, enters: Callable[[Any], bool] = lambda _: True) -> dict[str, Any]:
    """Returns the notes of a layer and of those inside it; empty if there are none."""
    found = {}
    for place, inner in places(layer, enters):
        state = state_of(inner)
        notes = {} if state is None else _of_one(inner, state)
        if notes:
            found[place] = notes
    return found


def _of_one(layer: Any, state: State) -> dict[str, Any]:
    """Returns the notes of one layer as plain data."""
    notes: dict[str, Any] = {}
    for name, hint in zip(("inputs", "outputs"), state.annotated or (None, None), strict=True):
        if hint is None:
            continue
        try:
            notes[name] = noted(hint)
        except UnknownNotation as error:
            headline = f"the annotation of the {name} of {label_of(layer)} is not kept"
            lost = Diagnostic("TL803", headline, state.location(label_of(layer)), why=str(error))
            if not is_allowed(lost, state.allowed):
                source.warn([lost])
    if state.allowed:
        notes["allow"] = sorted(state.allowed)
    if len(state.ledger):
        notes["ledger"] = [_entry(entry) for entry in state.ledger]
    return notes


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one layer, read back.

    Attributes:
        annotated: annotations of inputs and outputs, None if there are none.
        allowed: codes that are silenced for it.
        entries: repairs done for it.
    """

    annotated: tuple[object, object] | None
    allowed: frozenset[str]
    entries: tuple[Entry, ...]

    def give(self, state: State) -> None:
        """Gives the notes to a layer."""
        if self.annotated is not None:
            state.annotated = self.annotated
        state.allowed |= self.allowed
        for entry in self.entries:
            state.ledger.add(entry)
        state.forget()


def read_all(data: Any) -> dict[str, Notes]:
    """Returns the notes of layers, by place.

    Raises:
        UnreadableNotes: if the data are not notes.
    """
    if not isinstance(data, Mapping):
        raise UnreadableNotes(f"{shown(data)} is not a table of layers' notes")
    return {str(place): _read(notes) for place, notes in data.items()}


def _read(data: Any) -> Notes:
    if not isinstance(data, Mapping):
        raise UnreadableNotes(f"{shown(data)} is not a layer's notes")
    try:
        hints = [read(data[name]) if name in data else None for name in ("inputs", "outputs")]
        allowed = codes_of(map(str, data.get("allow", ())))
        entries = tuple(_read_entry(entry) for entry in data.get("ledger", ()))
    except KeyError as error:
        raise UnreadableNotes(f"{error} is missing") from error
    except (UnknownNotation, UnknownRule, TypeError) as error:
        raise UnreadableNotes(str(error)) from error
    return Notes((hints[0], hints[1]) if hints != [None, None] else None, allowed, entries)


def give(layer: Any, notes: Mapping[str, Notes]) -> None:
    """Gives notes to a layer and to those inside it; a place that no longer exists is skipped."""
    there = dict(places(layer))
    for place, what in notes.items():
        state = state_of(there.get(place))
        if state is not None:
            what.give(state)


# ----------------------------------------------------------------------------------------- the ledger
def _entry(entry: Entry) -> dict[str, Any]:
    where = entry.where
    file = (
        None if where.file is None else PurePath(where.file).name
    )  # a saved file does not reveal its author's folders
    return {
        "repair": repair_data(entry.repair),
        "what": entry.what,
        "where": {"file": file, "line": where.line, "what": where.what, "within": where.within},
        "why": entry.why,
        "code": entry.code,
        "before": _spec(entry.before),
        "after": _spec(entry.after),
        **({"shapes": entry.shapes} if entry.shapes > 1 else {}),
    }


def _spec(spec: Spec) -> dict[str, Any]:
    return {"dtype": spec.dtype, "shape": None if spec.shape is None else list(spec.shape)}


MOST_CHARACTERS: Final = 1000
"""Characters of a text of the ledger that are kept."""

MOST_SIZE: Final = 2**53
"""No size or line is greater."""


def _read_entry(data: Mapping[str, Any]) -> Entry:
    where = data["where"]
    return Entry(
        read_repair(data["repair"]),
        _text(data["what"]),
        Location(
            None if where["file"] is None else _text(where["file"]),
            None if where["line"] is None else _size(where["line"]),
            _text(where["what"]),
            _text(where["within"]),
        ),
        _text(data["why"]),
        _text(data["code"]),
        _read_spec(data["before"]),
        _read_spec(data["after"]),
        _size(data.get("shapes", 1)),
    )


def _text(value: Any) -> str:
    return str(value)[:MOST_CHARACTERS]


def _size(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_SIZE:
        raise UnreadableNotes(f"{shown(value)} is not a size")
    return value


def _read_spec(data: Mapping[str, Any]) -> Spec:
    dtype, shape = data["dtype"], data["shape"]
    known = dtype is None or (isinstance(dtype, str) and _NAME.fullmatch(dtype))
    if not known or not (shape is None or (isinstance(shape, list | tuple) and len(shape) <= MOST_AXES)):
        raise UnreadableNotes(f"{shown(data)} is not a spec")
    return Spec(dtype, None if shape is None else tuple(None if size is None else _size(size) for size in shape))


_NAME: Final = re.compile(r"[<>|=]?\w{1,32}")
