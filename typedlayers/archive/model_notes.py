"""A model's notes: one extra key of its config; for subclassed models, a file among the assets.

Plain Keras reads a config by the names that it knows, and so ignores the key.
"""

from __future__ import annotations

import contextlib
import contextvars
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from typedlayers.archive.layer_notes import Notes, give, notes_of, read_all
from typedlayers.archive.scope import readable, scope, users_names
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import mark_loaded
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.model_state import ModelState, model_state, sizes_of
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.repair_notes import UnreadableNotes, shown
from typedlayers.facts.front import EMPTY, Front
from typedlayers.facts.front_notes import VERSION, front_data, read_front
from typedlayers.modes import Mode, as_mode, current, mode
from typedlayers.verdict import allow
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell

KEY: Final = "typedlayers"
"""The key in a model's config."""

FILE: Final = "typedlayers.json"
"""The file among a subclassed model's assets."""

asked_for: Final[contextvars.ContextVar[Mode | None]] = contextvars.ContextVar("typedlayers_loading", default=None)
"""The mode that the caller of `load_model` asks for; it wins over the file's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNotes:
    """The notes of a model, read back.

    Attributes:
        mode: the mode given to it.
        dims: its named dimensions.
        front: what its inputs take.
        layers: the notes of the model and its layers, by place.
    """

    mode: Mode | None
    dims: Mapping[str, int | None]
    front: Front
    layers: Mapping[str, Notes]

    def give(self, model: Any) -> None:
        """Gives the notes to a model."""
        state = model_state(model)
        state.mode = self.mode if asked_for.get() is None else state.mode
        state.dims = self.dims or state.dims
        state.front = self.front
        state.owns = False
        give(model, self.layers)


# --------------------------------------------------------------------------------------------- writing
def model_notes(model: Any) -> dict[str, Any]:
    """Returns a model's notes as plain data; empty if there are none.

    Where a fault of ours keeps them from being written, the model that is read takes no bytes.
    """
    state = state_of(model)
    if not isinstance(state, ModelState):
        return {}
    found = guarded(label_of(model), lambda: _notes(model, state))
    return {"version": VERSION, "takes": {"inputs": {}, "unread": True}} if found is None else found


def _notes(model: Any, state: ModelState) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if state.mode is not None:
        found["mode"] = state.mode.name if state.mode.name != "custom" else asdict(state.mode)
    if state.dims:
        found["dims"] = dict(state.dims)
    if state.front != EMPTY:
        found["takes"] = front_data(state.front)
    layers = notes_of(model, lambda inner: not isinstance(state_of(inner), ModelState))  # those write their own
    if layers:
        found["layers"] = layers
    return {"version": VERSION, **found} if found else {}


def with_notes(model: Any, config: dict[str, Any]) -> dict[str, Any]:
    """Returns a model's config with its notes, if it has any."""
    notes = model_notes(model)
    return {**config, KEY: notes} if notes else config


def write_asset(model: Any, folder: str) -> None:
    """Writes a model's notes among its assets, if it has any."""
    notes = model_notes(model)
    if notes:
        Path(folder, FILE).write_text(json.dumps(notes), encoding="utf-8")


# --------------------------------------------------------------------------------------------- reading
def read_asset(model: Any, folder: str | None) -> None:
    """Gives a model the notes among its assets, if there are any."""
    file = None if folder is None else Path(folder, FILE)
    if file is None or not file.is_file():
        return
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        _say_unreadable(label_of(model), str(error))
        model_state(model).front = Front(unread=True)
        return
    _give(model, data, read_notes(data, label_of(model)))


def _give(model: Any, data: Any, notes: ModelNotes | None) -> None:
    """Gives a model its notes; one whose notes cannot be read refuses what would have needed them."""
    if notes is not None:
        guarded(label_of(model), lambda: notes.give(model))
    elif not isinstance(data, Mapping) or {"takes", "scales", "trained"} & set(data):
        model_state(model).front = Front(unread=True)


def rebuilt(label: str, config: Mapping[str, Any], make: Callable[[dict[str, Any]], Any]) -> Any:
    """Returns the typed model of a config, with its notes.

    Args:
        label: the model in the user's names.
        config: the config.
        make: Keras's own ``from_config``.
    """
    plain = {name: value for name, value in config.items() if name != KEY}
    notes = read_notes(config[KEY], label) if KEY in config else None
    with scope(), in_force(notes):
        model = make(readable(plain, users_names()))
    if KEY in config:
        _give(model, config[KEY], notes)
    return model


@contextlib.contextmanager
def reading(custom_objects: Mapping[str, Any] | None, given: Mode | None) -> Iterator[frozenset[str]]:
    """Enters the scope and the mode of reading a model; yields the names of the user's classes.

    Args:
        custom_objects: the user's classes and functions; they go before ours.
        given: the mode that the caller asks for in place of the file's.
    """
    users = users_names(custom_objects)
    token = asked_for.set(given)
    try:
        with scope(custom_objects), contextlib.nullcontext() if given is None else mode(given):
            yield users
    finally:
        asked_for.reset(token)


def moded(model: Any, given: Mode | None) -> Any:
    """Returns a loaded model in the mode that the caller asked for."""
    guarded(type(model).__name__, lambda: mark_loaded(model))
    if given is not None:
        model_state(model).mode = given
    return model


@contextlib.contextmanager
def in_force(notes: ModelNotes | None) -> Iterator[None]:
    """Enters a model's saved mode and allowances: its layers have none yet while they are called."""
    if notes is None:
        yield
        return
    codes = frozenset[str]().union(*(layer.allowed for layer in notes.layers.values()))
    token = guarded("the notes of a model", lambda: allow.enter(allow.Allowance(codes)))
    own = notes.mode if asked_for.get() is None else None
    try:
        with contextlib.nullcontext() if own is None else mode(own):
            yield
    finally:
        if token is not None:
            allow.leave(token)


def read_notes(data: Any, label: str) -> ModelNotes | None:
    """Returns a model's notes; None, with a warning, if the data cannot be read."""

    def read() -> ModelNotes | None:
        try:
            return _read(data)
        except UnreadableNotes as error:
            _say_unreadable(label, str(error))
            return None

    return guarded(label, read)


def _read(data: Any) -> ModelNotes:
    if not isinstance(data, Mapping):
        raise UnreadableNotes(f"{shown(data)} is not a model's notes")
    version = data.get("version")
    if version != VERSION:
        raise UnreadableNotes(f"it is of version {version!r}; this typedlayers reads version {VERSION}")
    try:
        return ModelNotes(
            mode=_read_mode(data.get("mode")),
            dims=sizes_of(data.get("dims", {})),
            front=read_front(data.get("takes", {})),
            layers=read_all(data.get("layers", {})),
        )
    except UnreadableNotes:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise UnreadableNotes(f"{type(error).__name__}: {error}") from error


def _read_mode(data: Any) -> Mode | None:
    if data is None:
        return None
    return Mode(**data) if isinstance(data, Mapping) else as_mode(data)


def _say_unreadable(label: str, why: str) -> None:
    headline = f"the notes of typedlayers on {label} cannot be read; the model is loaded without them"
    tell([Diagnostic("TL802", headline, Location(what=label), why=why)], current(), set())
