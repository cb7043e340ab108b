"""What a run tells of the user's source: which call made a layer, compiled a model, or led to a finding."""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import os
import sys
import traceback
import warnings
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Final

from typedlayers.errors import ContractError, ContractWarning
from typedlayers.source.frames import causes, entries, frames, is_keras, outside_of, site_of, sites, stops
from typedlayers.source.site import Compiled, Crash, Finding, MadeLayer, Seen, Site
from typedlayers.verdict.source import is_installed, user_frame


class TimeUp(BaseException):
    """The time of a run is up."""


class Witness:
    """Notes what the program that runs does, until it is asked for it.

    Everything is copied where it happens: the layers of a function that an exception leaves are gone after it.
    """

    def __init__(self) -> None:
        self._made: list[tuple[weakref.ref[Any], tuple[Site, ...]]] = []
        self._compiled: list[tuple[str, Site]] = []
        self._errors: tuple[Finding, ...] = ()
        self._warnings: list[Finding] = []
        self._made_layers: dict[MadeLayer, None] = {}
        self._crash: Crash | None = None
        self._is_cut = False
        self._undo: list[Callable[[], None]] = []

    # -------------------------------------------------------------------------------------- while it runs
    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Notes warnings, and the exception that leaves the block."""
        show = warnings.showwarning
        warnings.showwarning = functools.partial(self._shown, show)
        try:
            yield
        except BaseException as error:
            self._ended(error)
            raise
        finally:
            warnings.showwarning = show
            self._note_layers()
            for undo in reversed(self._undo):
                undo()

    def keras_was_imported(self) -> None:
        """Begins to note the layers and models that are made."""
        keras = sys.modules["keras"]
        self._wrap(keras.layers.Layer, "__init__", self._noting_layers)
        self._wrap(keras.Model, "compile", self._noting_compile)

    def seen(self) -> Seen:
        """Returns what was noted."""
        files = dict.fromkeys(os.path.realpath(f) for m in list(sys.modules.values()) if (f := _file_of(m)))
        compiled = tuple(Compiled(*one) for one in self._compiled)
        layers = tuple(self._made_layers)
        return Seen(self._errors, tuple(self._warnings), layers, compiled, self._crash, tuple(files), self._is_cut)

    def _wrap(self, owner: type, name: str, wrapper: Callable[[Any], Any]) -> None:
        own = vars(owner).get(name)
        setattr(owner, name, wrapper(getattr(owner, name) if own is None else own))
        self._undo.append(functools.partial(delattr, owner, name) if own is None else lambda: setattr(owner, name, own))

    def _noting_layers(self, init: Any) -> Any:
        """Wraps ``Layer.__init__``: typed classes have a ``__new__`` of their own, and this is what all come to."""
        witness = self

        @functools.wraps(init)
        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # Keras looks for the name of the first parameter
            init(self, *args, **kwargs)
            user = user_frame(outside_of(self, sys._getframe(1)))
            places = tuple(itertools.islice(sites(frames(user)), _MOST_SITES))
            if places and not _is_copy(sys._getframe(1), user):
                witness._made.append((weakref.ref(self), places))

        # Keras asks for the parameters of the function itself, and not of what it wraps
        vars(__init__)["__signature__"] = inspect.signature(init)

        return __init__

    def _noting_compile(self, method: Any) -> Any:
        @functools.wraps(method)
        def compile(model: Any, *args: Any, **kwargs: Any) -> Any:
            site = site_of(user_frame(sys._getframe(1)))
            if site is not None:
                self._compiled.append((str(model.name), site))
            return method(model, *args, **kwargs)

        return compile

    # ---------------------------------------------------------------------------------------- at its end
    def _shown(self, show: Callable[..., Any], message: Any, category: type, *rest: Any, **more: Any) -> None:
        if isinstance(message, ContractWarning):
            way = stops(frames(sys._getframe(1)))
            self._warnings += [Finding(one, way) for one in message.diagnostics]
            self._note_layers()
        show(message, category, *rest, **more)

    def _ended(self, error: BaseException) -> None:
        self._note_layers()
        broken = next((one for one in causes(error) if isinstance(one, ContractError) and one.diagnostics), None)
        if broken is not None:
            way = stops(reversed(list(entries(broken.__traceback__))))
            self._errors = tuple(Finding(one, way) for one in broken.diagnostics)
        elif isinstance(error, TimeUp):
            self._is_cut = True
        elif not (isinstance(error, SystemExit) and error.code in (None, 0)):
            text = traceback.format_exception_only(error)[-1].strip()
            way = list(entries(error.__traceback__))
            self._crash = Crash(text, is_keras(way), stops(reversed(way)))

    def _note_layers(self) -> None:
        alive = [(layer, places) for made, places in self._made if (layer := made()) is not None and _name(layer)]
        models = {id(layer): _inner(layer) for layer, _ in alive if hasattr(layer, "compile")}
        parts = {(id(part), places[0]) for layer, places in alive for part in vars(layer).values()}
        there: dict[Site, list[int]] = {}
        for layer, places in alive:
            for site in () if (id(layer), places[0]) in parts else places:  # the cell of an LSTM is made with it
                there.setdefault(site, []).append(id(layer))
        for layer, places in alive:
            own = (site for site in places if not any(_meet(other, id(layer), models) for other in there.get(site, ())))
            self._made_layers[MadeLayer(str(layer.name), type(layer).__name__, places[0], next(own, None))] = None


def _name(layer: Any) -> str:
    return str(getattr(layer, "name", "") or "")


def _inner(model: Any) -> frozenset[int]:
    found, ahead = set(), list(getattr(model, "layers", None) or ())
    while ahead:
        layer = ahead.pop()
        if id(layer) not in found:
            found.add(id(layer))
            ahead += getattr(layer, "layers", None) or ()
    return frozenset(found)


def _meet(one: int, other: int, models: dict[int, frozenset[int]]) -> bool:
    """Returns True if two layers, by their ids, are in one model, or both in none yet."""
    if one == other or one in models.get(other, ()) or other in models.get(one, ()):
        return False  # also a model, and a layer that is made for it
    ids = {one, other}
    return any(ids <= inner for inner in models.values()) or not any(ids & inner for inner in models.values())


_MOST_SITES: Final = 5
"""The user's lines that are kept of each layer: calls of functions that make a part of a model."""

_COPYING: Final = "typedlayers.bridge."
_MAKING: Final = "typedlayers.bridge.kin"


def _is_copy(frame: FrameType | None, user: FrameType | None) -> bool:
    """Returns True if a check of ours makes a layer, to try something, while the user's line runs."""
    while frame is not None and frame is not user:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(_COPYING) and module != _MAKING:
            return True
        frame = frame.f_back
    return False


def _file_of(module: Any) -> str | None:
    file, name = getattr(module, "__file__", None), str(getattr(module, "__name__", ""))
    if not isinstance(file, str) or not file.endswith(".py") or name.partition(".")[0] == "typedlayers":
        return None
    return None if is_installed(file) else file
