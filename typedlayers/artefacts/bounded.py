"""Reading files of unknown origin: bounded in size and time, and nothing but regular files."""

from __future__ import annotations

import contextlib
import json
import lzma
import mmap
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

MOST_JSON: Final = 16 << 20
"""Bytes of JSON that are read: the config of the largest models of Keras has a tenth of it."""

MOST_DIRECTORY: Final = 8 << 20
"""Bytes of a zip file's directory."""

MOST_RATIO: Final = 1000
"""How many times larger than in the file a member may become; JSON shrinks to a tenth or so."""


class CannotRead(ValueError):
    """A file is not what it should be; the message says which and why, and can be shown to the user."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Opens a regular file; pipes and devices would block, or never end.

    Raises:
        CannotRead: if it does not exist, is not a regular file or cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:  # a ValueError for a name with a null character
        raise CannotRead(f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise CannotRead(f"{str(path)!r} is not a regular file")
        yield file


def mapped(path: Path) -> memoryview:
    """Maps a file into memory: of a large one only the pages that are looked at are read.

    The map ends with the last view of it, not at a certain line: a message inside a message is such a view.

    Raises:
        CannotRead: as for `opened`, and if the file is empty.
    """
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise CannotRead(f"{str(path)!r} is empty")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def below(folder: Path, *names: str) -> Path:
    """Returns a path inside a folder that leads nowhere else.

    Raises:
        CannotRead: if a link stands on the way.
    """
    path = folder
    for name in names:
        path = path / name
        if path.is_symlink():
            raise CannotRead(f"{str(path)!r} is a link, which is not followed out of an artefact")
    return path


def parsed(data: bytes, what: str) -> Any:
    """Returns JSON as Python's dicts, lists, strings and numbers.

    Raises:
        CannotRead: if it is none, too long or too deep.
    """
    if len(data) > MOST_JSON:
        raise CannotRead(f"{what} has more than {MOST_JSON >> 20} MiB")
    try:
        return json.loads(data)
    except RecursionError:
        raise CannotRead(f"{what} is nested too deeply") from None
    except ValueError as error:
        raise CannotRead(f"{what} is not JSON: {str(error)[:200]}") from None


def member(file: IO[bytes], name: str, what: str) -> bytes | None:
    """Returns a member of a zip file, None if there is none of that name; nothing is unpacked to a disk.

    Raises:
        CannotRead: if the file is not a zip file, or the member is too large or stands in it twice.
    """
    try:
        refuse_long_directory(file)
        with zipfile.ZipFile(file) as archive:
            found = [info for info in archive.infolist() if info.filename == name]
            if len(found) > 1:
                raise CannotRead(f"{what} holds {name} {len(found)} times, and programs would not agree which it means")
            if not found:
                return None
            (info,) = found
            if info.file_size > min(MOST_JSON, max(MOST_RATIO * info.compress_size, 1 << 16)):
                raise CannotRead(f"{name} in {what} would unpack to {info.file_size} bytes")
            with archive.open(info) as stream:
                return stream.read(MOST_JSON + 1)
    except CannotRead:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, *_DAMAGED) as error:
        raise CannotRead(f"{what} is not a zip file that can be read: {error}") from None


_DAMAGED: Final = (zlib.error, lzma.LZMAError, struct.error)


_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"


def refuse_long_directory(file: IO[bytes]) -> None:
    """`zipfile` reads the whole directory at once: its length stands at the end of the file."""
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - (1 << 16) - 256))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0:
        raise zipfile.BadZipFile("its end is missing")
    (length,) = struct.unpack_from("<I", tail.ljust(at + 22, b"\0"), at + 12)
    at_64 = tail.rfind(_END_64, 0, at)
    if at_64 >= 0:
        (length,) = struct.unpack_from("<Q", tail.ljust(at_64 + 56, b"\0"), at_64 + 40)
    if length > MOST_DIRECTORY:
        raise CannotRead(f"the zip file has a directory of {length} bytes")
    file.seek(0)
