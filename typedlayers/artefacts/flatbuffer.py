"""FlatBuffers, as far as an artefact's signature needs them: a table, its fields by their place, vectors."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from typedlayers.artefacts.bounded import CannotRead
from typedlayers.artefacts.wire import text_of

MOST_ITEMS: Final = 1 << 20
"""Items of a vector that are gone through."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a buffer.

    Attributes:
        data: the whole buffer.
        at: where the table stands in it.
    """

    data: memoryview
    at: int

    @classmethod
    def root(cls, data: memoryview) -> Table:
        """Returns the first table of a buffer."""
        return cls(data, _read(data, "<I", 0))

    def number(self, place: int, form: str = "<i", default: int = 0) -> int:
        """Returns a number, in a format of `struct`."""
        at = self._at(place)
        return default if at is None else _read(self.data, form, at)

    def text(self, place: int) -> str:
        """Returns a text, empty if it is not set."""
        start, length = self._vector(place, 1)
        return text_of(self.data[start : start + length])

    def bytes(self, place: int) -> memoryview:
        """Returns a vector of bytes."""
        start, length = self._vector(place, 1)
        return self.data[start : start + length]

    def numbers(self, place: int, most: int) -> tuple[int, ...] | None:
        """Returns a vector of 32-bit numbers, None if it is not set.

        Raises:
            CannotRead: if there are more of them than there can be.
        """
        if self._at(place) is None:
            return None
        start, length = self._vector(place, 4)
        if length > most:
            raise CannotRead(f"it has {length} numbers where there are {most} at the most")
        return tuple(_read(self.data, "<i", start + 4 * index) for index in range(length))

    def tables(self, place: int) -> Vector:
        """Returns a vector of tables."""
        return Vector(self.data, *self._vector(place, 4))

    def _vector(self, place: int, width: int) -> tuple[int, int]:
        at = self._at(place)
        if at is None:
            return 0, 0
        start = at + _read(self.data, "<I", at)
        length = _read(self.data, "<I", start)
        if (width > 1 and length > MOST_ITEMS) or start + 4 + length * width > len(self.data):
            raise CannotRead("a vector in it is longer than the file")
        return start + 4, length

    def _at(self, place: int) -> int | None:
        layout = self.at - _read(self.data, "<i", self.at)
        inside = 4 + 2 * place
        if inside >= _read(self.data, "<H", layout):
            return None
        offset = _read(self.data, "<H", layout + inside)
        return self.at + offset if offset else None


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector of tables.

    Attributes:
        data: the whole buffer.
        start: where its first item stands.
        length: how many items it has.
    """

    data: memoryview
    start: int
    length: int

    def at(self, index: int) -> Table:
        """Returns one of the tables.

        Raises:
            CannotRead: if there is none.
        """
        if not 0 <= index < self.length:
            raise CannotRead(f"it speaks of item {index} of {self.length}")
        place = self.start + 4 * index
        return Table(self.data, place + _read(self.data, "<I", place))

    def __iter__(self) -> Iterator[Table]:
        return (self.at(index) for index in range(self.length))


def _read(data: memoryview, form: str, at: int) -> int:
    if not 0 <= at <= len(data) - struct.calcsize(form):
        raise CannotRead("it is cut off, or is not a FlatBuffer")
    return struct.unpack_from(form, data, at)[0]
