"""The one boundary between our faults and the user's program.

A check that fails unexpectedly never breaks a training: it becomes one warning, TL901, and the program runs on
unchecked. `guarded` is for a check, `contained` for a whole method that stands for one of Keras's. In our own tests the
fault is raised.
"""

from __future__ import annotations

import contextvars
import functools
import traceback
from collections.abc import Callable
from typing import Any, Final, TypeVar

from typedlayers.diagnostics.codes import UnknownRule
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.errors import ContractError, ContractWarning, faults_are_raised, is_news
from typedlayers.modes import UnknownMode
from typedlayers.verdict import source

T = TypeVar("T")

MEANT: Final = (ContractError, ContractWarning, UnknownRule, UnknownMode)
"""What is raised for the user; a warning where the user made errors of them."""


def guarded(label: str, check: Callable[[], T]) -> T | None:
    """Returns the result of a check; None, with a warning, if it failed unexpectedly.

    Args:
        label: the checked object, in the user's names.
        check: code of ours; nothing of the user's runs in it.

    Raises:
        ContractError: as the check raised it.
        UnknownRule: if the user named a rule that does not exist.
        UnknownMode: if the user named a mode that does not exist.
    """
    try:
        return check()
    except MEANT:
        raise
    except Exception as error:
        if faults_are_raised():
            raise
        _tell(label, error)
        return None


def _tell(label: str, error: Exception) -> None:
    """Warns of a fault, once for each place: it may come again with every batch."""
    place = next((f"{one.filename}:{one.lineno}" for one in reversed(traceback.extract_tb(error.__traceback__))), "")
    if not is_news((type(error).__name__, place)):
        return
    diagnostic = Diagnostic(
        "TL901",
        f"a check of {label} failed in typedlayers itself; it runs on unchecked",
        where=Location(what=label),
        why=f"{type(error).__name__}: {error}",
    )
    source.warn([diagnostic])


# --------------------------------------------------------------------------------- a method as a whole
class _Call:
    """One call of a method that stands for Keras's own: how far Keras's has come."""

    __slots__ = ("ended", "raised", "result")

    def __init__(self) -> None:
        self.ended = False
        self.result: Any = None
        self.raised: BaseException | None = None


_calls: Final[contextvars.ContextVar[_Call | None]] = contextvars.ContextVar("typedlayers_call", default=None)


def contained(make: Callable[[Callable[..., Any]], Callable[..., Any]], inherited: Callable[..., Any]) -> Any:
    """Returns the method that stands for Keras's own; if ours fails, Keras's own does what was asked.

    What Keras or the user's code raises passes as it is.

    Args:
        make: makes our method of Keras's own.
        inherited: Keras's own.
    """

    @functools.wraps(inherited)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        call = _calls.get()
        if call is None:  # another thread
            return inherited(*args, **kwargs)
        try:
            call.result = inherited(*args, **kwargs)
        except BaseException as error:
            call.raised = error
            raise
        call.ended = True
        return call.result

    ours = make(recorded)

    @functools.wraps(inherited)
    def method(*args: Any, **kwargs: Any) -> Any:
        call = _Call()
        token = _calls.set(call)
        try:
            return ours(*args, **kwargs)
        except MEANT:
            raise
        except Exception as error:
            if error is call.raised or faults_are_raised() or _is_users(error):
                raise
            _tell(_name(args[0]), error)
            if call.raised is not None:  # it failed as it explained what was raised
                raise call.raised from None
        finally:
            _calls.reset(token)
            call.raised = None  # its frames hold this one
        return call.result if call.ended else inherited(*args, **kwargs)

    return method


def _name(target: Any) -> str:
    return (target if isinstance(target, type) else type(target)).__name__


def _is_users(error: Exception) -> bool:
    """True of an exception that came through code of the user's, such as a generator of batches."""
    return any(source.is_users(frame) for frame, _ in traceback.walk_tb(error.__traceback__))
