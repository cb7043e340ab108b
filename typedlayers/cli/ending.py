"""The end of a script, shown as Python shows it: its own traceback, or the report of broken contracts."""

from __future__ import annotations

import functools
import linecache
import sys
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.render.terminal import for_stream
from typedlayers.diagnostics.render.text import place
from typedlayers.errors import ContractError
from typedlayers.verdict.source import is_installed, is_users

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], Any]


class Ending:
    """A context around a script that catches its last exception.

    Attributes:
        error: the exception that nobody caught, ``sys.exit`` included, its traceback without frames of ours;
            None if the script ran to its end.
    """

    error: BaseException | None = None

    def __enter__(self) -> Ending:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        self.error = error
        if error is not None:
            for one in _chain(error, set()):
                one.__traceback__ = _without_ours(one)
        return True

    @property
    def is_success(self) -> bool:
        """True if the exit status will be 0."""
        return self.error is None or (isinstance(self.error, SystemExit) and self.error.code in (None, 0))

    def hand_over(self) -> None:
        """Lets Python end the process: the script's error is raised again, and shown without our frames."""
        if self.error is None:
            return
        sys.excepthook = functools.partial(_show_kept, sys.excepthook, self.error.__traceback__)
        raise self.error

    def tell(self) -> int:
        """Shows the error as Python would and returns the exit status; Ctrl-C is raised again."""
        error = self.error
        match error:
            case None:
                return 0
            case KeyboardInterrupt():
                raise error
            case SystemExit(code=None):
                return 0
            case SystemExit(code=int(status)):
                return status
            case SystemExit(code=text):
                print(text, file=sys.stderr)
            case _:
                _show(sys.excepthook, error)
        return 1


def _show_kept(hook: Hook, kept: TracebackType | None, _kind: object, error: BaseException, _traceback: object) -> None:
    """Returns an ``excepthook`` that drops our command's frames from a traceback."""
    sys.excepthook = hook
    _show(hook, error.with_traceback(kept))


def _show(hook: Hook, error: BaseException) -> None:
    """Shows an error by the script's own hook if it has one, broken contracts by the report."""
    if isinstance(error, ContractError) and hook is sys.__excepthook__:
        print(for_stream(report_of(error), sys.stderr), file=sys.stderr)
    else:
        hook(type(error), error, error.__traceback__)


def report_of(error: ContractError) -> str:
    """Returns the report, and the line at which the script stopped if the report does not name it."""
    text, at = str(error), _last_line(error.__traceback__)
    if at is None:
        return text
    frame, line = at
    name = place(Location(frame.f_code.co_filename, line))
    if f"{name}," in text or f"{name}\n" in text:
        return text
    inside = "" if frame.f_code.co_name == "<module>" else f", in {frame.f_code.co_name}"
    return f"{text}\n\nstopped at {name}{inside}: {linecache.getline(frame.f_code.co_filename, line).strip()}"


def _last_line(traceback: TracebackType | None) -> tuple[FrameType, int] | None:
    found = None
    while traceback is not None:
        frame = traceback.tb_frame
        if is_users(frame) and not is_installed(frame.f_code.co_filename):
            found = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    return found


# ------------------------------------------------------------------------------------------- tracebacks
def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """Yields an exception and all that its traceback shows: causes, contexts, members of a group."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for one in (error.__cause__, error.__context__, *inner):
        yield from _chain(one, seen)


def _without_ours(error: BaseException) -> TracebackType | None:
    """Returns the traceback that plain Python would show; all frames from the script on for a fault of ours."""
    entries = list(_entries(error.__traceback__))
    while entries and _is_ours(entries[0]):
        entries.pop(0)
    is_our_fault = bool(entries) and _is_ours(entries[-1]) and not isinstance(error, ContractError)
    following, behind_it_ours = None, False
    for entry in reversed(entries):
        # frames of the import system before ours: Python hides its own
        behind_it_ours = _is_ours(entry) or (behind_it_ours and _is_import_system(entry))
        if is_our_fault or not behind_it_ours:
            entry.tb_next = following
            following = entry
    return following


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_ours(entry: TracebackType) -> bool:
    return str(entry.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == "typedlayers"


def _is_import_system(entry: TracebackType) -> bool:
    return entry.tb_frame.f_code.co_filename.startswith("<frozen importlib")
