"""Keras's names for typed classes: in a file, a pickle and a copy, and when they are read back.

Typed classes carry Keras's own names, so that what they write opens in plain Keras; read in `scope` they come back
typed. Nothing is registered globally: that would beat a user's own ``custom_objects``.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import keras

from typedlayers.archive.layer_notes import LayerNotes, give, read_all
from typedlayers.bridge.kin import stood_for
from typedlayers.bridge.saving import (
    active_custom_objects,
    changed_archive,
    exchange_names,
    restore_names,
    unpickled,
)

_CLASSES: dict[str, type] = {}
_PLACES: set[tuple[str, str]] = set()
"""Module and name of typed classes in files."""


def named_as_in_keras(cls: type, module: str, exported: str | None = None) -> None:
    """Gives a typed class the name that Keras has for its base, and notes it for `scope`.

    Args:
        cls: the class; its name is Keras's already.
        module: Keras's module of that name: ``"keras.layers"`` or ``"keras"``.
        exported: the name in ``keras.layers``, where that is another one.
    """
    cls.__module__, cls.__qualname__ = module, cls.__name__
    _CLASSES[cls.__name__] = cls
    _PLACES.add((module, cls.__name__))
    if exported is not None:
        _CLASSES[exported] = cls
        _PLACES.add(("keras.layers", exported))


def typed_places() -> dict[str, type]:
    """Returns the typed classes by their names in files: ``"keras.layers.Dense"``."""
    return {f"{module}.{name}": _CLASSES[name] for module, name in sorted(_PLACES)}


def scope(custom_objects: Mapping[str, Any] | None = None) -> AbstractContextManager[Any]:
    """A scope in which Keras deserializes its own names as typed classes; the user's classes go before ours."""
    return keras.saving.custom_object_scope({**_CLASSES, **active_custom_objects(), **(custom_objects or {})})


class Registration:
    """The state of `typedlayers.register`: Keras itself reads its names as typed classes."""

    before: Mapping[str, Any] | None = None
    """Keras's own table of names; None while it is in place."""

    @classmethod
    def enter(cls) -> None:
        """Puts the typed classes into Keras's table, once."""
        if cls.before is None:
            cls.before = exchange_names(typed_places())

    @classmethod
    def leave(cls) -> None:
        """Puts Keras's own back."""
        if cls.before is not None:
            restore_names(cls.before)
            cls.before = None


@contextlib.contextmanager
def plain_scope(custom_objects: Mapping[str, Any]) -> Iterator[None]:
    """A scope in which Keras deserializes its own names as its own classes, whatever else is in force."""
    plain = {name: kept for name, cls in _CLASSES.items() if (kept := stood_for(cls)) is not None}
    registered = Registration.before is not None
    Registration.leave()  # a Bidirectional copies the layer inside it by its public name
    try:
        with keras.saving.custom_object_scope({**active_custom_objects(), **custom_objects, **plain}):
            yield
    finally:
        if registered:
            Registration.enter()


def users_names(custom_objects: Mapping[str, Any] | None = None) -> frozenset[str]:
    """Returns the registered names of the user's own classes and functions."""
    given = {**active_custom_objects(), **keras.saving.get_custom_objects(), **(custom_objects or {})}
    return frozenset(name for name, what in given.items() if what is not _CLASSES.get(name))


def readable(config: Any, users: Collection[str]) -> Any:
    """Returns a config in which only Keras's own layers and models have their bare name, by which a scope finds them.

    Plain Keras writes no bare name for its classes, but writes it for others of the same name: an operation such as
    ``x + y``, whose class is also ``Add``, or a user's own ``Attention``.

    Args:
        config: the config from a file, a pickle or ``get_config``.
        users: names in the user's ``custom_objects``.
    """
    if isinstance(config, list | tuple):
        items = [readable(item, users) for item in config]
        return tuple(items) if isinstance(config, tuple) else items
    if not isinstance(config, dict):
        return config
    config = {key: readable(value, users) for key, value in config.items()}
    name = config.get("class_name")
    if not isinstance(name, str) or name not in _CLASSES or "module" not in config or "config" not in config:
        return config
    module, registered = config["module"], config.get("registered_name")
    if (module, name) in _PLACES:
        return {**config, "registered_name": name}
    if registered != name:
        return config
    if str(module).partition(".")[0] == "keras":
        return {**config, "registered_name": None}
    return config if name in users else {**config, "registered_name": f"{module}>{name}"}


def restored(buffer: Any, notes: LayerNotes | None = None) -> Any:
    """Returns the layer or model that was pickled or copied, typed.

    Args:
        buffer: the bytes that Keras wrote.
        notes: a layer's notes, which its config lacks; a model's config holds them.
    """
    importlib.import_module("typedlayers.keras")  # a new process knows no typed class yet, and no row above this one
    with scope():
        users = users_names()
        layer = unpickled(changed_archive(buffer, lambda config: readable(config, users)))
    if notes:
        give(layer, read_all(notes))
    return layer
