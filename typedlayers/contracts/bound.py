"""What a name is bound to, and where that came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a size came from: ``axis 1 of inputs``, ``the weights of "dense"``, ``dims= of Sequential "net"``."""

    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class Bound:
    """A size that a name is bound to, and where it came from."""

    size: int
    source: Source
