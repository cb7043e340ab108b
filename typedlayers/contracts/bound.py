"""The size that a name is bound to, and its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a size: ``axis 1 of inputs``, ``the weights of "dense"``, ``dims= of Sequential "net"``."""

    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class Bound:
    """A size that a name is bound to, and its source."""

    size: int
    source: Source
