"""The files of a user's project: which are its own, and how a changed one is written."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typedlayers.source.program import NoPlace

_MARKS: Final = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")
"""What stands at the root of a project."""

_ENVIRONMENT: Final = "pyvenv.cfg"
_NOT_OURS: Final = frozenset({"site-packages", "dist-packages", "node_modules", "__pycache__"})


class NotWritten(Exception):
    """A file was not written; the message says why."""


class Project:
    """The folder of a project.

    Args:
        root: the folder; nothing outside of it is read or written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @classmethod
    def around(cls, folder: Path) -> Project:
        """Returns the project around a folder, or the folder alone."""
        folder = folder.resolve()
        homes = (one for one in (folder, *folder.parents) if any((one / mark).exists() for mark in _MARKS))
        return cls(next(homes, folder))

    def owns(self, file: str | Path) -> bool:
        """Returns True for a file of the project, not of an environment or a hidden folder in it."""
        path = Path(file).resolve()
        if not path.is_relative_to(self.root):
            return False
        inner = path.relative_to(self.root).parts[:-1]
        folders = (self.root.joinpath(*inner[: i + 1]) for i in range(len(inner)))
        return not any(is_foreign(folder) for folder in folders)

    def read(self, file: str) -> bytes:
        """Returns the bytes of a file of the project.

        Raises:
            NoPlace: if the file is not the project's, or cannot be read.
        """
        if not self.owns(file):
            raise NoPlace(f"{file} is not part of the project in {self.root}")
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise NoPlace(f"{file} cannot be read: {error.strerror}") from None


def is_foreign(folder: Path) -> bool:
    """Returns True for a hidden folder, a virtual environment or a folder of installed packages."""
    return folder.name.startswith(".") or folder.name in _NOT_OURS or (folder / _ENVIRONMENT).exists()


def files_under(path: Path, *suffixes: str) -> Iterator[Path]:
    """Yields a file, or those of a folder with some suffixes; links to other places are not followed."""
    if path.is_file():
        yield path
        return
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not is_foreign(Path(folder) / name))
        found = (Path(folder) / name for name in sorted(names) if name.endswith(suffixes))
        yield from (file for file in found if not file.is_symlink() and not file.name.startswith("."))


# ---------------------------------------------------------------------------------------------- writing
def write(file: Path, before: bytes, after: bytes) -> None:
    """Writes a file in one step, if it is still what it was.

    Args:
        file: the file.
        before: its bytes as they were read.
        after: its new bytes.

    Raises:
        NotWritten: if the file has changed in between, or cannot be written.
    """
    file = file.resolve()
    try:
        if file.read_bytes() != before:
            raise NotWritten(f"{file} has changed since it was read")
        _exchange(file, after)
    except OSError as error:
        raise NotWritten(f"{file} cannot be written: {error.strerror}") from None


def kept(file: Path) -> Path | None:
    """Copies a file to the first free name beside it: ``train.py.orig``, ``train.py.orig2``.

    Returns:
        The copy; None, and nothing is copied, where git holds the file as it is.

    Raises:
        NotWritten: if the copy cannot be written.
    """
    file = file.resolve()
    if _is_clean_in_git(file):
        return None
    names = (f"{file.name}.orig{'' if i == 1 else i}" for i in range(1, 1000))
    free = next(file.with_name(name) for name in names if not file.with_name(name).exists())
    try:
        shutil.copy2(file, free)
    except OSError as error:
        raise NotWritten(f"{free} cannot be written: {error.strerror}") from None
    return free


def _exchange(file: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _is_clean_in_git(file: Path) -> bool:
    def git(*command: str) -> str | None:
        try:
            done = subprocess.run(["git", *command, "--", file.name], cwd=file.parent, capture_output=True, text=True)
        except OSError:
            return None
        return done.stdout if done.returncode == 0 else None

    return bool(git("ls-files")) and git("status", "--porcelain") == ""
