"""What a layer of the user's was given, and what its config keeps of it.

Nothing is said from names alone: the layer is made once more from its config, as loading would, and thrown away.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from typedlayers.bridge.copies import nothing_kept
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.members import allowed_for, place_of
from typedlayers.bridge.stack import inner_layers
from typedlayers.diagnostics.subject import Subject
from typedlayers.facts.saving import Forgotten, SavedLayer
from typedlayers.verdict.source import is_installed

_OTHERS: Final = ("keras", "tensorflow", "typedlayers", "builtins")
_BY_KERAS: Final = frozenset({"name", "dtype", "trainable", "mode", "dims"})
"""Arguments of every layer or typed model, which have places of their own in a file."""

_ABSENT: Final = object()


def plain_arguments(cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the plain values that the ``__init__`` of a user's class gets, without those that are its defaults."""
    defaults = _own_parameters(cls)
    if not defaults:
        return {}
    given = {**dict(zip(defaults, args, strict=False)), **{name: kwargs[name] for name in defaults if name in kwargs}}
    return {
        name: value
        for name, value in given.items()
        if name not in _BY_KERAS and _is_plain(value) and not _same(value, defaults[name])
    }


@functools.lru_cache(maxsize=1024)
def _own_parameters(cls: type) -> dict[str, Any]:
    """The parameters of a user's ``__init__`` with their defaults; empty for a class that is not hers."""
    owner = _owner(cls, "__init__")
    code = getattr(vars(owner)["__init__"], "__code__", None)
    if owner.__module__.partition(".")[0] in _OTHERS or code is None or is_installed(code.co_filename):
        return {}
    found = list(inspect.signature(vars(owner)["__init__"]).parameters.values())[1:]
    positional = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {one.name: one.default for one in found if one.kind in positional}


def _owner(cls: type, name: str) -> type:
    return next(base for base in cls.__mro__ if name in vars(base))


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_is_plain, value))
    return type(value) in (bool, int, float, str)


def _same(one: Any, two: Any) -> bool:
    """Whether two plain values are the same; a file keeps tuples as lists."""
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(_same, one, two))
    return type(one) is type(two) and bool(one == two)


def saved_layers(model: Any) -> Iterator[SavedLayer]:
    """Yields the layers of a model, and itself, of classes of the user's that were given arguments."""
    for layer in inner_layers(model):
        state = state_of(layer)
        if state is not None and state.given:
            written = _is_users(type(layer), "get_config")
            subject = Subject.of(type(layer).__name__, layer.name, place_of(layer))
            found = _forgotten(layer, state.given, written=written)
            yield SavedLayer(subject, found, allowed_for(layer), written=written)


def _is_users(cls: type, method: str) -> bool:
    return _owner(cls, method).__module__.partition(".")[0] not in _OTHERS


def _forgotten(layer: Any, given: Mapping[str, Any], *, written: bool) -> tuple[Forgotten, ...]:
    cls, defaults = type(layer), _own_parameters(type(layer))
    if _is_users(cls, "from_config") or functional_of(layer) is not None or isinstance(layer, keras.Sequential):
        return ()
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            config = layer.get_config()
        except Exception:  # noqa: BLE001 - the user's code: Keras calls it next, and lets her see what it raises
            return ()
        missing = [name for name in given if name not in config]
        if not written:  # of a subclassed model Keras notes the defaults, whatever it was given
            missing = [name for name, value in given.items() if not _same(config.get(name, _ABSENT), value)]
        if not missing:
            return ()
        try:
            with nothing_kept():
                again = cls.from_config(dict(config))
        except Exception:  # noqa: BLE001 - as loading the file would
            needed = [name for name in missing if defaults[name] is inspect.Parameter.empty and name not in config]
            return tuple(Forgotten(name, repr(given[name])) for name in needed)
    return tuple(found for name in missing for found in _changed(layer, again, name, given[name]))


def _changed(layer: Any, again: Any, name: str, given: Any) -> Iterator[Forgotten]:
    """Yields an argument, with what a layer made from the config has in its place, if a difference shows."""
    for one, two in _values(layer, again, name):
        if _same(one, given) and not _same(two, given):
            yield Forgotten(name, repr(given), repr(two))
            return


def _values(layer: Any, again: Any, name: str) -> Iterator[tuple[Any, Any]]:
    """Yields what two layers made of an argument: the attribute of its name, or a setting of a layer inside."""
    for attribute in (name, f"_{name}"):
        if attribute in vars(layer):
            yield vars(layer)[attribute], vars(again).get(attribute)
    ones, twos = (list(inner_layers(one))[1:] for one in (layer, again))
    if [type(one) for one in ones] != [type(two) for two in twos]:
        return
    for one, two in zip(ones, twos, strict=True):
        settings = two.get_config()
        for key, value in one.get_config().items():
            if key not in _BY_KERAS:
                yield value, settings.get(key)
