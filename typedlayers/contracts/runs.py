"""Runs of axes, ``*name`` and ``#*name``: when two of them are the same, and when they broadcast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from typedlayers.contracts.bound import Source
from typedlayers.spec import Size


@dataclass(frozen=True, slots=True)
class Clash:
    """The first difference of two runs: the axis in the later run, and the earlier binding."""

    at: int | None
    bound: tuple[Size, Source] | None = None
    detail: str = ""


Entry: TypeAlias = tuple[tuple[Size, Source], ...]


def equal(old: Entry | None, new: Entry) -> Entry | Clash:
    """Both runs must be the same; a known size fills an unknown one."""
    if old is None:
        return new
    if len(old) != len(new):
        return Clash(None, detail=f"{len(old)} axes before, {len(new)} now")
    out = []
    for at, (one, two) in enumerate(zip(old, new, strict=True)):
        if one[0] is not None and two[0] is not None and one[0] != two[0]:
            return Clash(at, (one[0], one[1]))
        out.append(two if one[0] is None else one)
    return tuple(out)


def broadcast_together(old: Entry, new: Entry) -> Entry | Clash:
    """Both runs must broadcast with each other, aligned at their last axes."""
    length = max(len(old), len(new))
    out = []
    for back in range(length, 0, -1):
        one = old[-back] if back <= len(old) else None
        two = new[-back] if back <= len(new) else None
        if one is None or two is None:
            out.append(one or two)
        elif one[0] is not None and two[0] is not None and one[0] != two[0] and 1 not in (one[0], two[0]):
            return Clash(len(new) - back, (one[0], one[1]))
        else:
            out.append(_wider(one, two))
    return tuple(out)


def _wider(one: tuple[Size, Source], two: tuple[Size, Source]) -> tuple[Size, Source]:
    """Returns the size of two broadcast sizes: 1 yields to all, unknown only to a known one above 1."""
    if one[0] == 1 or (one[0] is None and two[0] not in (None, 1)):
        return two
    return one


def broadcasts_to(broadcast: Entry, exact: Entry) -> Clash | None:
    """Returns None if a run broadcasts to exactly the other one, else where it does not."""
    if len(broadcast) > len(exact):
        return Clash(None, detail=f"{len(broadcast)} axes do not broadcast to {len(exact)}")
    for back in range(1, len(broadcast) + 1):
        one, two = broadcast[-back], exact[-back]
        if one[0] not in (None, 1) and two[0] is not None and one[0] != two[0]:
            return Clash(-back, detail=f"{one[0]} does not broadcast to {two[0]}")
    return None
