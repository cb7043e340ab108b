"""What a run tells of the user's source: which call made a layer, compiled a model, or led to a finding."""

from __future__ import annotations

import contextlib
import functools
import itertools
import linecache
import os
import sys
import traceback
import warnings
import weakref
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import Any, Final

from typedlayers.errors import ContractError, ContractWarning
from typedlayers.source.site import Compiled, Crash, Finding, MadeLayer, Seen, Site, Stop
from typedlayers.verdict.source import is_installed, is_users, user_frame


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
        self._layers: dict[MadeLayer, None] = {}
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
        self._wrap(keras.layers.Layer, "__new__", self._noting_layers)
        self._wrap(keras.Model, "compile", self._noting_compile)

    def seen(self) -> Seen:
        """Returns what was noted."""
        files = dict.fromkeys(os.path.realpath(f) for m in list(sys.modules.values()) if (f := _file_of(m)))
        compiled = tuple(Compiled(*one) for one in self._compiled)
        layers = tuple(self._layers)
        return Seen(self._errors, tuple(self._warnings), layers, compiled, self._crash, tuple(files), self._is_cut)

    def _wrap(self, owner: type, name: str, wrapper: Callable[[Any], Any]) -> None:
        own = vars(owner).get(name)
        setattr(owner, name, wrapper(getattr(owner, name) if own is None else own))
        self._undo.append(functools.partial(delattr, owner, name) if own is None else lambda: setattr(owner, name, own))

    def _noting_layers(self, new: Any) -> Any:
        make = new.__func__ if isinstance(new, staticmethod) else new

        @functools.wraps(make)
        def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
            made = make(cls, *args, **kwargs)
            user = user_frame(sys._getframe(1))
            sites = tuple(itertools.islice(_sites(_frames(user)), _MOST_SITES))
            if sites and not _is_copy(sys._getframe(1), user):
                self._made.append((weakref.ref(made), sites))
            return made

        return staticmethod(__new__)

    def _noting_compile(self, method: Any) -> Any:
        @functools.wraps(method)
        def compile(model: Any, *args: Any, **kwargs: Any) -> Any:
            site = _site_of(user_frame(sys._getframe(1)))
            if site is not None:
                self._compiled.append((str(model.name), site))
            return method(model, *args, **kwargs)

        return compile

    # ---------------------------------------------------------------------------------------- at its end
    def _shown(self, show: Callable[..., Any], message: Any, category: type, *rest: Any, **more: Any) -> None:
        if isinstance(message, ContractWarning):
            stops = _stops(_frames(sys._getframe(1)))
            self._warnings += [Finding(one, stops) for one in message.diagnostics]
            self._note_layers()
        show(message, category, *rest, **more)

    def _ended(self, error: BaseException) -> None:
        self._note_layers()
        broken = next((one for one in _causes(error) if isinstance(one, ContractError) and one.diagnostics), None)
        if broken is not None:
            stops = _stops(reversed(list(_entries(broken.__traceback__))))
            self._errors = tuple(Finding(one, stops) for one in broken.diagnostics)
        elif isinstance(error, TimeUp):
            self._is_cut = True
        elif not (isinstance(error, SystemExit) and error.code in (None, 0)):
            text = traceback.format_exception_only(error)[-1].strip()
            entries = list(_entries(error.__traceback__))
            self._crash = Crash(text, _is_keras(entries), _stops(reversed(entries)))

    def _note_layers(self) -> None:
        alive = [(layer, sites) for made, sites in self._made if (layer := made()) is not None and _name(layer)]
        models = {id(layer): _inner(layer) for layer, _ in alive if hasattr(layer, "compile")}
        there: dict[Site, list[int]] = {}
        for layer, sites in alive:
            for site in sites:
                there.setdefault(site, []).append(id(layer))
        for layer, sites in alive:
            here = (site for site in sites if not any(_meet(other, id(layer), models) for other in there[site]))
            self._layers[MadeLayer(str(layer.name), type(layer).__name__, sites[0], next(here, None))] = None


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


# ------------------------------------------------------------------------------------------------ places
Entry = tuple[FrameType, int]
"""A frame and the instruction that runs in it."""


def _site_of(frame: FrameType | None, instruction: int | None = None) -> Site | None:
    if frame is None or is_installed(frame.f_code.co_filename):
        return None
    at = frame.f_lasti if instruction is None else instruction
    line, end_line, _, end_column = _position(frame.f_code, at)
    return Site(os.path.realpath(frame.f_code.co_filename), line or frame.f_lineno, end_line, end_column)


def _position(code: CodeType, instruction: int) -> tuple[int | None, int | None, int | None, int | None]:
    found = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    return found or (None, None, None, None)


def _sites(entries: Iterator[Entry]) -> Iterator[Site]:
    for frame, instruction in entries:
        site = _site_of(frame, instruction) if is_users(frame) else None
        if site is not None:
            yield site


def _stops(entries: Iterator[Entry]) -> tuple[Stop, ...]:
    """Returns the user's lines among frames, each with the datasets that it can name."""
    found = []
    for frame, instruction in entries:
        site = _site_of(frame, instruction) if is_users(frame) else None
        if site is not None:
            text = linecache.getline(frame.f_code.co_filename, site.line).strip()
            found.append(Stop(site, text, _datasets(frame)))
    return tuple(found)


def _datasets(frame: FrameType) -> dict[str, int]:
    """Returns the datasets of TensorFlow that a frame can name, and the number of parts of their elements."""
    tensorflow = sys.modules.get("tensorflow")
    kind = getattr(getattr(tensorflow, "data", None), "Dataset", None)
    if kind is None:
        return {}
    names = {**{n: frame.f_globals[n] for n in frame.f_code.co_names if n in frame.f_globals}, **frame.f_locals}
    sets = {name: value.element_spec for name, value in names.items() if isinstance(value, kind)}
    return {name: len(spec) if isinstance(spec, tuple) else 1 for name, spec in sets.items()}


def _frames(frame: FrameType | None) -> Iterator[Entry]:
    while frame is not None:
        yield frame, frame.f_lasti
        frame = frame.f_back


def _entries(entry: TracebackType | None) -> Iterator[Entry]:
    while entry is not None:
        yield entry.tb_frame, entry.tb_lasti
        entry = entry.tb_next


def _is_keras(entries: list[Entry]) -> bool:
    """Returns True if an exception was raised in Keras, TensorFlow or typedlayers, for a call of the user's."""
    return bool(entries) and not is_users(entries[-1][0])


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yields an exception and those behind it: a program may leave with a text after it has caught ours."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _file_of(module: Any) -> str | None:
    file, name = getattr(module, "__file__", None), str(getattr(module, "__name__", ""))
    if not isinstance(file, str) or not file.endswith(".py") or name.partition(".")[0] == "typedlayers":
        return None
    return None if is_installed(file) else file
