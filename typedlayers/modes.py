"""Modes: the action on each kind of mismatch; default, environment, context, and how a model resolves them.

A mode is data. ``strict`` and ``lenient`` are two rows of one table, ``off`` is the row that checks nothing.
"""

from __future__ import annotations

import contextlib
import contextvars
import enum
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

ENVIRONMENT: Final = "TYPEDLAYERS_MODE"


class Action(enum.StrEnum):
    """The action on a mismatch that a repair would fix."""

    REPAIR = "repair"
    WARN = "warn"
    ERROR = "error"


class Level(enum.StrEnum):
    """The action on a diagnostic of severity *warning*."""

    WARN = "warn"
    ERROR = "error"


class Checking(enum.StrEnum):
    """Checks are on or off."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class Mode:
    """The action on a mismatch, one field for each repair.

    ``"error"`` raises, ``"warn"`` warns and lets the program run on, ``"repair"`` inserts the repair (and raises
    where it cannot be done without guessing).

    Args:
        cast: dtypes that can be converted without guessing.
        rescale: raw bytes where an image network wants floats.
        flatten: axes to be made one (``(batch, 28, 28)`` for ``"batch features"``).
        expand_dims: a missing channel axis.
        squeeze: a superfluous axis of size 1.
        targets: the shape and dtype of targets.
        warnings: ``"warn"`` or ``"error"``: the action on a warning.
        probe_seconds: how long a check may look at values, in seconds.

    Raises:
        ValueError: for a value that is not one of those.

    >>> Mode(cast="repair").cast.value
    'repair'
    """

    cast: Action | str = Action.ERROR
    rescale: Action | str = Action.ERROR
    flatten: Action | str = Action.ERROR
    expand_dims: Action | str = Action.ERROR
    squeeze: Action | str = Action.ERROR
    targets: Action | str = Action.ERROR
    warnings: Level | str = Level.WARN
    probe_seconds: float = 1.0
    checking: Checking | str = Checking.ON

    def __post_init__(self) -> None:
        kinds: dict[str, type[enum.StrEnum]] = {"warnings": Level, "checking": Checking}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name == "probe_seconds":
                if not isinstance(value, int | float) or not value >= 0:
                    raise ValueError(f"Mode(probe_seconds={value!r}): a number of seconds, not below 0, is needed")
                continue
            kind = kinds.get(entry.name, Action)
            try:
                object.__setattr__(self, entry.name, kind(value))
            except ValueError:
                valid = ", ".join(repr(str(v)) for v in kind)
                raise ValueError(f"Mode({entry.name}={value!r}): valid values are {valid}") from None

    def __hash__(self) -> int:
        """A mode is part of every signature that a model remembers, so its hash is computed once."""
        found: int | None = self.__dict__.get("_hash")
        if found is None:
            found = hash(tuple(getattr(self, entry.name) for entry in fields(self)))
            object.__setattr__(self, "_hash", found)
        return found

    def action(self, repair: str) -> Action:
        """Returns the action where the repair of that name would fix a mismatch."""
        return getattr(self, repair)

    @property
    def name(self) -> str:
        """``"strict"``, ``"lenient"``, ``"off"`` or ``"custom"``."""
        return next((name for name, mode in NAMED.items() if mode == self), "custom")

    def __str__(self) -> str:
        return self.name


STRICT: Final = Mode()
LENIENT: Final = Mode(
    cast=Action.REPAIR,
    rescale=Action.REPAIR,
    flatten=Action.REPAIR,
    expand_dims=Action.REPAIR,
    squeeze=Action.REPAIR,
    targets=Action.REPAIR,
)
OFF: Final = Mode(checking=Checking.OFF)
NAMED: Final = {"strict": STRICT, "lenient": LENIENT, "off": OFF}

ModeLike: TypeAlias = Mode | str


class UnknownMode(ValueError):
    """A user named a mode that does not exist."""


def as_mode(value: ModeLike, *, source: str = "mode") -> Mode:
    """Returns the mode that a user's value names.

    Args:
        value: a `Mode`, or one of ``"strict"``, ``"lenient"``, ``"off"``.
        source: the place of the value, for the message.

    Raises:
        UnknownMode: if the mode does not exist; the message lists the valid ones.
    """
    if isinstance(value, Mode):
        return value
    mode = NAMED.get(value) if isinstance(value, str) else None
    if mode is None:
        valid = ", ".join(repr(name) for name in NAMED)
        raise UnknownMode(f"{source} is {value!r}; valid are {valid}, or a typedlayers.Mode(...)")
    return mode


_context: contextvars.ContextVar[Mode | None] = contextvars.ContextVar("typedlayers_mode", default=None)
_run: contextvars.ContextVar[Mode | None] = contextvars.ContextVar("typedlayers_run", default=None)


class _Process:
    """The settings of the process: the last argument of `set_mode`, and the mode of the project's configuration."""

    mode: Mode | None = None
    configured: Mode = STRICT
    wraps: bool | None = None
    """Whether methods are wrapped; None until the first class asks."""


def wraps() -> bool:
    """Returns False if nothing is to be wrapped in this process: ``off`` was in the environment before the first class.

    The answer holds for good, as classes are made once.
    """
    if _Process.wraps is None:
        _Process.wraps = os.environ.get(ENVIRONMENT) != "off"
    return _Process.wraps


def note_wish(wish: Mode, source: str, stacklevel: int) -> None:
    """Notes that checks are wanted: they need wrapped methods, and it is too late where classes were made without.

    Args:
        wish: the mode that is asked for.
        source: the place where it is, for the message.
        stacklevel: how far above the caller the user's line is; 1 is the caller's own.
    """
    if wish.checking is Checking.OFF:
        return
    if _Process.wraps is None:
        _Process.wraps = True
    elif not _Process.wraps:
        warnings.warn(
            f"{source} asks for {wish}, but {ENVIRONMENT} was 'off' as the layers were imported, so nothing is checked "
            "in this process; unset it, or set the mode before the import",
            RuntimeWarning,
            stacklevel=stacklevel + 1,
        )


def set_mode(value: ModeLike) -> None:
    """Sets the mode of this process; ``with mode(...)`` and a model's own ``mode=`` win over it.

    Raises:
        ValueError: if the mode does not exist.
    """
    _Process.mode = as_mode(value, source="set_mode()")
    note_wish(_Process.mode, "set_mode()", 2)


def configure(name: str | None) -> None:
    """Sets the mode that holds where nothing else sets one: the project's; strict for None."""
    _Process.configured = STRICT if name is None else as_mode(name, source="the configuration")


@contextlib.contextmanager
def mode(value: ModeLike) -> Iterator[Mode]:
    """Sets the mode for the code of a ``with`` block.

    >>> with mode("lenient") as m:
    ...     m.name, current().name
    ('lenient', 'lenient')
    """
    resolved = as_mode(value, source="mode()")
    note_wish(resolved, "mode()", 3)  # through contextlib
    token = _context.set(resolved)
    try:
        yield resolved
    finally:
        _context.reset(token)


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Restores the mode of this process at the end of a ``with`` block."""
    before = _Process.mode
    try:
        yield
    finally:
        _Process.mode = before


def current(own: Mode | None = None) -> Mode:
    """Returns the active mode.

    The order: a model's own mode, ``with mode(...)``, `set_mode`, the environment variable
    ``TYPEDLAYERS_MODE``, the project's ``pyproject.toml``, strict.

    Args:
        own: the mode given to the model that asks, if any.

    Raises:
        ValueError: if the environment names a mode that does not exist.
    """
    if own is not None:
        return own
    found = _context.get() or _Process.mode
    if found is not None:
        return found
    text = os.environ.get(ENVIRONMENT)
    return _Process.configured if not text else as_mode(text, source=f"the environment variable {ENVIRONMENT}")


class Run:
    """The mode of a model's runs, as its layers read it.

    A model resolves its mode once, on entering ``fit``, ``predict`` or ``__call__``. What is called in the same context
    finds it in a context variable. Threads that see no context variables (replicas of ``tf.distribute``, workers of a
    dataset) find the run that was entered last here, in the object that the model shares with its layers.
    """

    __slots__ = ("_entered",)

    def __init__(self) -> None:
        self._entered: dict[_Entered, Mode] = {}

    @property
    def here(self) -> Mode | None:
        """The mode if this context is within a run of the model, else None."""
        return _run.get() if self in _inside.get() else None

    @property
    def anywhere(self) -> Mode | None:
        """The mode of the run that was entered last, in whichever thread, and has not ended; None if there is none."""
        return next(reversed(list(self._entered.values())), None) if self._entered else None

    def entered(self, own: Mode | None) -> contextlib.AbstractContextManager[Mode]:
        """Resolves the mode of one run; a run inside a run keeps the outer one's mode."""
        return _Entered(self, own)


_inside: Final[contextvars.ContextVar[tuple[Run, ...]]] = contextvars.ContextVar("typedlayers_inside", default=())


class _Entered:
    """One run; a class, because a generator would cost a model call three times as much."""

    __slots__ = ("inside", "own", "run", "token")

    def __init__(self, run: Run, own: Mode | None) -> None:
        self.run, self.own = run, own

    def __enter__(self) -> Mode:
        outer = _run.get()
        resolved = self.own
        if resolved is None:
            resolved = current() if outer is None else outer
        self.token, self.inside = _run.set(resolved), _inside.set((*_inside.get(), self.run))
        self.run._entered[self] = resolved
        return resolved

    def __exit__(self, *_: object) -> None:
        self.run._entered.pop(self)
        _inside.reset(self.inside)
        _run.reset(self.token)


def of_run(run: Run | None) -> Mode:
    """Returns the mode for a layer that belongs to the model of ``run``, or to none."""
    entered = _run.get()
    if entered is not None:
        return entered
    elsewhere = None if run is None else run.anywhere
    if elsewhere is not None:
        return elsewhere
    return _context.get() or _Process.mode or current()
