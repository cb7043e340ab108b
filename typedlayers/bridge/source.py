"""The user's own line: the innermost frame outside keras, tensorflow and typedlayers."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Final

_OURS: Final = ("typedlayers", "keras", "tensorflow", "tf_keras", "autograph", "functools", "contextlib", "typing")


def user_frame(start: FrameType | None = None) -> FrameType | None:
    """Returns the innermost frame that belongs to the user, or None if there is none."""
    frame = start if start is not None else sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] not in _OURS and not frame.f_code.co_filename.startswith("<frozen"):
            return frame
        frame = frame.f_back
    return None


def user_line() -> tuple[str, int] | None:
    """Returns file and line of the user's innermost frame, or None if there is none."""
    frame = user_frame(sys._getframe(1))
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)
