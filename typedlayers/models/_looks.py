"""The looks at a first batch that wait for it: they belong to one run of ``fit``, ``evaluate`` or ``predict``."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator
from typing import Any, Final

Look = Callable[[Any], None]
"""Looks at one batch, as the data source gave it; raises to stop the run before its first step."""

Looks = dict[str, Look]
"""By the attribute of the model that holds the step function: ``train_function``, ``test_function``, ..."""

_waiting: Final[contextvars.ContextVar[Looks | None]] = contextvars.ContextVar("typedlayers_looks", default=None)


@contextlib.contextmanager
def of_a_run() -> Iterator[Looks]:
    """Keeps the looks of one run; a run inside it, as in a callback, has its own."""
    looks: Looks = {}
    token = _waiting.set(looks)
    try:
        yield looks
    finally:
        _waiting.reset(token)


def wait(attribute: str, look: Look) -> None:
    """Lets a look wait for the first batch of a step function."""
    looks = _waiting.get()
    if looks is not None:
        looks[attribute] = look


def taken(attribute: str) -> Look | None:
    """Returns the look that waits for a step function; it waits no longer."""
    looks = _waiting.get()
    return None if looks is None else looks.pop(attribute, None)
