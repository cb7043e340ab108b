"""Protocol buffers, as far as an artefact's signature needs them: fields by their number, the rest passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from typedlayers.artefacts.bounded import CannotRead

Field: TypeAlias = "int | memoryview"
"""A number, or the bytes of a text or of a message inside."""

MOST_FIELDS: Final = 1 << 20
"""Fields of one message; a graph has one for each node."""

_FIXED: Final = {1: 8, 5: 4}


def fields(message: memoryview) -> Iterator[tuple[int, Field]]:
    """Yields the number and the value of each field of a message.

    Raises:
        CannotRead: if it is no message.

    >>> [(number, bytes(value)) for number, value in fields(memoryview(bytes([0x0A, 2, 104, 105])))]
    [(1, b'hi')]
    """
    at = 0
    for _ in range(MOST_FIELDS):
        if at >= len(message):
            return
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            size, at = _varint(message, at)
        elif kind in _FIXED:
            size = _FIXED[kind]
        else:
            raise CannotRead("it is not a message of protocol buffers")
        if at + size > len(message):
            raise CannotRead("it is cut off")
        yield number, message[at : at + size]
        at += size
    raise CannotRead(f"a message has more than {MOST_FIELDS} fields")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(message):
            raise CannotRead("it is cut off")
        byte = message[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise CannotRead("it is not a message of protocol buffers")


def messages(message: memoryview, number: int) -> Iterator[memoryview]:
    """Yields the messages inside a message that have a field number."""
    return (value for found, value in fields(message) if found == number and isinstance(value, memoryview))


def message_at(message: memoryview, number: int) -> memoryview | None:
    """Returns the last message inside a message that has a field number, None if there is none."""
    return next(iter([*messages(message, number)][-1:]), None)


def number_at(message: memoryview, number: int) -> int | None:
    """Returns a whole number with its sign, None if the field is not set."""
    found = [value for field, value in fields(message) if field == number and isinstance(value, int)]
    if not found:
        return None
    value = found[-1] & ((1 << 64) - 1)
    return value - (1 << 64) if value >= 1 << 63 else value


def text_at(message: memoryview, number: int) -> str:
    """Returns a text, empty if the field is not set."""
    return text_of(message_at(message, number) or memoryview(b""))


MOST_TEXT: Final = 1 << 10


def text_of(value: memoryview) -> str:
    """Returns the bytes of a name as text, cut where it is no name any more."""
    return bytes(value[:MOST_TEXT]).decode("utf-8", "replace")
