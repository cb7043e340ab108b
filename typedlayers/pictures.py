"""A folder of ``.png`` as samples. TensorFlow decodes them; their sizes are read first, as a decoder obeys them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from typedlayers.artefacts.bounded import CannotRead, opened
from typedlayers.artefacts.samples import Samples, grouped
from typedlayers.facts.arrays import SLICE

MOST_FILE: Final = 64 << 20
"""Bytes of one picture's file."""

MOST_PIXELS: Final = 64 << 20
"""Pixels of all pictures that are looked at."""

MOST_ENTRIES: Final = 100_000
"""Entries of a folder and its folders that are gone through."""

_MARK: Final = b"\x89PNG\r\n\x1a\n"


def read_pictures(path: str) -> tuple[Samples, ...]:
    """Returns the pictures in a folder and its folders, by name, those of a size together; links are passed over.

    Raises:
        CannotRead: if there are none, or one is damaged or larger than any real one.
    """
    files = sorted(_files(path))[:SLICE]
    if not files:
        raise CannotRead(f"{path} is a folder without .png files")
    return grouped(path, _decoded(files))


def _files(path: str) -> Iterator[str]:
    count = 0
    for folder, folders, names in os.walk(path):
        folders.sort()
        count += len(names)
        if count > MOST_ENTRIES:
            raise CannotRead(f"{path} holds more than {MOST_ENTRIES} files")
        found = (os.path.join(folder, name) for name in names if name.lower().endswith(".png"))  # noqa: PTH118
        yield from (file for file in found if not Path(file).is_symlink())


def _decoded(files: list[str]) -> Iterator[Any]:
    import tensorflow as tf

    room = MOST_PIXELS
    for file in files:
        with opened(Path(file)) as stream:
            data = stream.read(MOST_FILE + 1)
        pixels, bits = _header(data, file)
        room -= pixels
        if len(data) > MOST_FILE or room < 0:
            raise CannotRead(f"{file} and the pictures before it have more than {MOST_PIXELS >> 20} million pixels")
        try:
            yield tf.io.decode_png(data, dtype=tf.uint16 if bits == 16 else tf.uint8).numpy()
        except tf.errors.InvalidArgumentError as error:
            raise CannotRead(f"{file} is no PNG that can be read: {str(error).splitlines()[0][:200]}") from None


def _header(data: bytes, file: str) -> tuple[int, int]:
    """The number of pixels and of bits."""
    if data[:8] != _MARK or len(data) < 25:
        raise CannotRead(f"{file} is not a PNG")
    width, height, bits = struct.unpack(">IIB", data[16:25])
    return width * height, bits
