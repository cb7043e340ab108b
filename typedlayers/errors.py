"""The exceptions; each carries its diagnostics."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.render.cells import led_here
from typedlayers.diagnostics.render.terminal import coloured, wants_colour
from typedlayers.diagnostics.render.text import line_of, render

_last = threading.local()


@dataclass(frozen=True, slots=True)
class _Raised:
    """What was raised last; the exception itself is not held, as it holds what its frames do."""

    text: str
    diagnostics: tuple[Diagnostic, ...]
    error: weakref.ref[ContractError]


class ContractError(ValueError):
    """A program does not fit its contracts.

    It is a `ValueError`, so that code which catches Keras's own shape errors still works. Built from diagnostics
    it shows their report; built from one string, as Keras and AutoGraph rebuild exceptions on their way out of a
    ``call``, it takes back the diagnostics that this thread last raised with that text.

    Attributes:
        diagnostics: the findings, root causes first.
        origin: what Keras or TensorFlow raised where the findings explain it, None otherwise.
    """

    # Keras does not rewrite an exception that is marked as rewritten, nor AutoGraph one that is marked to pass through.
    # Both are duck-typed marks: keras utils/traceback_utils.py (inject_argument_info_in_traceback) and
    # tensorflow python/autograph/impl/api.py (_attach_error_metadata).
    _keras_call_info_injected = True
    ag_pass_through = True

    diagnostics: tuple[Diagnostic, ...]
    origin: BaseException | None = None

    def __init__(self, diagnostics: Sequence[Diagnostic] | str = (), *, origin: BaseException | None = None) -> None:
        self.origin = origin
        if isinstance(diagnostics, str):
            last: _Raised | None = getattr(_last, "raised", None)
            known = last if last is not None and last.diagnostics and last.text in diagnostics else None
            self.diagnostics = () if known is None else known.diagnostics
            super().__init__(diagnostics if known is None else known.text)
            first = None if known is None else known.error()
            self.origin = origin if first is None else first.origin
            return
        self.diagnostics = tuple(diagnostics)
        super().__init__(render(self.diagnostics))
        _last.raised = _Raised(str(self), self.diagnostics, weakref.ref(self))

    def keep_origin(self) -> None:
        """Takes what it explains for its cause again: Keras raises what leaves a layer or ``fit`` ``from None``."""
        if self.origin is not None:
            self.__cause__ = self.origin

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.diagnostics, str(self)))

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the lines of the user's that led here, and the report."""
        led = [f"{line_of(file, number)}\n    {code}" for file, number, code in led_here(self.__traceback__)]
        text = str(self)
        return [*led, "", coloured(text) if wants_colour() else text]


ContractError.__module__ = "typedlayers"


class WrongTypeError(ContractError, TypeError):
    """A ``ContractError`` where Keras raises a ``TypeError``: code that catches that one still works.

    Constructors raise it, and calls with other arguments than ``call`` has: from within a ``call`` Keras's Sequential
    takes a ``TypeError`` for a wrong number of arguments.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_wrong_type, (self.diagnostics, str(self)))


WrongTypeError.__module__ = "typedlayers"
WrongTypeError.__name__ = WrongTypeError.__qualname__ = ContractError.__name__


def _rebuild(diagnostics: tuple[Diagnostic, ...], text: str) -> ContractError:
    return ContractError(diagnostics if diagnostics else text)


def _rebuild_wrong_type(diagnostics: tuple[Diagnostic, ...], text: str) -> WrongTypeError:
    return WrongTypeError(diagnostics if diagnostics else text)


class ContractWarning(UserWarning):
    """A possible mistake, or one that was repaired only in part.

    Attributes:
        diagnostics: the findings.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Sequence[Diagnostic] | str = ()) -> None:
        if isinstance(diagnostics, str):
            self.diagnostics = ()
            super().__init__(diagnostics)
        else:
            self.diagnostics = tuple(diagnostics)
            super().__init__(render(self.diagnostics))


ContractWarning.__module__ = "typedlayers"


class _Faults:
    """The setting of `raise_faults`: unexpected exceptions of ours are raised, or become one warning for each place."""

    raised = False
    told: ClassVar[set[Hashable]] = set()


MOST_FAULTS: Final = 100
"""Faults of ours that are told in one process."""


def is_news(fault: Hashable) -> bool:
    """Returns True for a fault of typedlayers itself that was not told before."""
    if fault in _Faults.told or len(_Faults.told) >= MOST_FAULTS:
        return False
    _Faults.told.add(fault)
    return True


def raise_faults(raised: bool = True) -> None:
    """Raises faults of typedlayers itself in place of a warning; for its own tests."""
    _Faults.raised = raised
    _Faults.told.clear()


def faults_are_raised() -> bool:
    """Returns True if faults of typedlayers itself are raised."""
    return _Faults.raised
