"""The user's own line: the innermost frame outside keras, tensorflow, typedlayers and every other installed package."""

from __future__ import annotations

import functools
import sys
import sysconfig
import warnings
from collections.abc import Sequence
from pathlib import PurePath
from types import FrameType
from typing import Final

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.errors import ContractWarning

_OURS: Final = ("typedlayers", "keras", "tensorflow", "tf_keras", "autograph", "functools", "contextlib", "typing")

_GENERATED: Final = "__autograph_generated_file"
"""What stands in the names of the files that AutoGraph writes the user's functions into."""

_COMMAND: Final = "typedlayers.cli."
"""Our command line: its frames are not the user's."""


def user_frame(start: FrameType | None = None) -> FrameType | None:
    """Returns the innermost frame that belongs to the user, or None if there is none.

    Where an installed package alone called us, it is the innermost frame of that package.
    """
    frame = start if start is not None else sys._getframe(1)
    package: FrameType | None = None
    while frame is not None and not frame.f_globals.get("__name__", "").startswith(_COMMAND):
        if is_users(frame):
            if not is_installed(frame.f_code.co_filename):
                return frame
            package = package or frame
        frame = frame.f_back
    return package


def is_users(frame: FrameType) -> bool:
    """Returns True if a frame is the user's, not of keras, tensorflow or typedlayers, nor of a file of AutoGraph's."""
    module, file = frame.f_globals.get("__name__", ""), frame.f_code.co_filename
    return module.partition(".")[0] not in _OURS and not file.startswith("<frozen") and _GENERATED not in file


_STANDARD: Final = PurePath(sysconfig.get_paths()["stdlib"])
_PACKAGES: Final = frozenset({"site-packages", "dist-packages"})


@functools.cache
def is_installed(file: str) -> bool:
    """Returns True for a file of an installed package or of Python itself."""
    path = PurePath(file)
    return not _PACKAGES.isdisjoint(path.parts) or path.is_relative_to(_STANDARD)


def user_line() -> tuple[str, int] | None:
    """Returns file and line of the user's innermost frame, or None if there is none."""
    frame = user_frame(sys._getframe(1))
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def made_by_keras() -> bool:
    """Returns True if Keras or TensorFlow, not the user, called our caller."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "typedlayers":
        frame = frame.f_back
    return frame is not None and not is_users(frame)


def is_of_package(file: str) -> bool:
    """Returns True for a file of an installed package; Python's own files are of none."""
    return not _PACKAGES.isdisjoint(PurePath(file).parts)


def called_by_package() -> bool:
    """Returns True if an installed package other than Keras and TensorFlow, not the user, called our caller."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not is_users(frame):
        frame = frame.f_back
    return frame is not None and is_of_package(frame.f_code.co_filename)


def called_by_user() -> bool:
    """Returns True if a line of the user's, not of Keras or an installed package, called our caller."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "typedlayers":
        frame = frame.f_back
    return frame is None or (is_users(frame) and not is_of_package(frame.f_code.co_filename))


def warn(diagnostics: Sequence[Diagnostic]) -> None:
    """Warns at the user's own line, whatever lies between it and the check."""
    warning, frame = ContractWarning(diagnostics), user_frame(sys._getframe(1))
    if frame is None:
        warnings.warn(warning, stacklevel=2)
        return
    # explicit, as no `stacklevel` is right: the number of Keras's frames between us and the user varies
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    file, module = frame.f_code.co_filename, frame.f_globals.get("__name__")
    warnings.warn_explicit(warning, ContractWarning, file, frame.f_lineno, module, registry)
