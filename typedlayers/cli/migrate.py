"""``typedlayers migrate``: the imports of a file or folder exchanged, and back."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Final

import typer

from typedlayers.cli.output import complain
from typedlayers.source.diff import diff_of
from typedlayers.source.imports import Exchanged, typed, untyped
from typedlayers.source.notebook import exchanged
from typedlayers.source.program import NoPlace, Program
from typedlayers.source.project import NotWritten, files_under, write

SUFFIXES: Final = (".py", ".pyi", ".ipynb")
DONE: Final = 0
LEFT: Final = 1
COULD_NOT_RUN: Final = 2


class Direction(enum.Enum):
    """Which way the imports are exchanged."""

    TYPED = "keras"
    BACK = "typedlayers"

    @property
    def word(self) -> bytes:
        """The word that every file with such an import holds."""
        return self.value.encode()


def migrated(path: str, direction: Direction, *, write: bool = False) -> int:
    """Exchanges the imports below a path and returns the exit status.

    Args:
        path: a file or a folder; nothing outside of it is touched, nor hidden folders and environments in it.
        direction: to typed imports, or back.
        write: True to write the files, not only to print the diff.

    Returns:
        0 if all is done, 1 if something was left out (each file is named), 2 if nothing could be read or written.
    """
    if not _is_there(Path(path)):
        complain(f"migrate: {path!r} is no folder, and no file that ends in {', '.join(SUFFIXES)}")
        return COULD_NOT_RUN
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    status = DONE
    for file in files_under(Path(path), *SUFFIXES):
        try:
            data = file.read_bytes()
            done = _exchanged(data, file, direction)
        except (NoPlace, OSError) as error:
            complain(f"migrate: left out: {error}")
            status = LEFT
            continue
        if done.left:
            lines = ", ".join(map(str, done.left))
            complain(f"migrate: {file} uses typedlayers by itself (line {lines}): left as it is")
            status = LEFT
        if done.data != data:
            before[str(file.resolve())], after[str(file.resolve())] = data, done.data
    typer.echo(diff_of(before, after, Path.cwd()), nl=False)
    if write:
        status = max(status, _put_down(before, after))
    typer.echo(_closing(len(after), write=write), err=True)
    return status


def _is_there(path: Path) -> bool:
    return path.is_dir() or (path.is_file() and path.name.endswith(SUFFIXES))


def _exchanged(data: bytes, file: Path, direction: Direction) -> Exchanged:
    if direction.word not in data:
        return Exchanged(data)
    exchange = typed if direction is Direction.TYPED else untyped
    if file.name.endswith(".ipynb"):
        return exchanged(data, str(file), exchange)
    return exchange(Program(data, str(file)))


def _put_down(before: dict[str, bytes], after: dict[str, bytes]) -> int:
    for name, data in sorted(after.items()):
        try:
            write(Path(name), before[name], data)
        except NotWritten as error:
            complain(f"migrate: {error}")
            return COULD_NOT_RUN
    return DONE


def _closing(count: int, *, write: bool) -> str:
    files = f"{count} file{'' if count == 1 else 's'}"
    if not count:
        return "nothing to exchange"
    return f"{files} written; --undo is the way back" if write else f"{files}; nothing is written without --write"
