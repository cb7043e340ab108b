"""The traceback of a `ContractError` as a user reads it: their own lines, without ours and Keras's.

Each entry of ours (a layer's ``__call__``, ``fit``, a constructor) takes away what lies below it, and is left out
itself because it raises the same exception again.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, TypeVar

from typedlayers.errors import ContractError
from typedlayers.verdict.source import is_users

F = TypeVar("F", bound=Callable[..., Any])


def drop_frames(error: ContractError) -> None:
    """Takes the frames of typedlayers, Keras and TensorFlow out of an error's traceback, in an ``except`` block.

    ``keras.config.disable_traceback_filtering()`` keeps them, as it keeps Keras's own.
    """
    if _is_filtered():
        error.__traceback__ = users_part(error.__traceback__)


def users_part(traceback: TracebackType | None) -> TracebackType | None:
    """Returns the entries of a traceback that belong to the user or to a package other than Keras and TensorFlow."""
    kept = []
    while traceback is not None:
        if is_users(traceback.tb_frame):
            kept.append(traceback)
        traceback = traceback.tb_next
    following: TracebackType | None = None
    for entry in reversed(kept):
        following = TracebackType(following, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return following


class _Entry:
    """A ``with`` block around the body of an entry: an error leaves it without our frames."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: object, _traceback: object) -> None:
        if isinstance(error, ContractError):
            drop_frames(error)


ENTRY: Final = _Entry()


def entry(function: F) -> F:
    """Makes a function one whose errors show no frame of ours."""

    @functools.wraps(function)
    def entered(*args: Any, **kwargs: Any) -> Any:
        with ENTRY:
            return function(*args, **kwargs)

    return entered  # pyright: ignore[reportReturnType]


def _is_filtered() -> bool:
    keras = sys.modules.get("keras")
    return keras is None or keras.config.is_traceback_filtering_enabled()
