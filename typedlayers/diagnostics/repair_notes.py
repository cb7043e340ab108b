"""Repairs as plain data in a file, and back: what is read is bounded."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import KINDS


class UnreadableNotes(ValueError):
    """Data that are not notes of ours."""


def repair_data(repair: Repair) -> dict[str, Any]:
    """Returns a repair as plain data."""
    return {field.name: getattr(repair, field.name) for field in fields(repair)}


def read_repair(data: Any) -> Repair:
    """Returns the repair that was noted.

    Raises:
        UnreadableNotes: if the data are not a repair.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
        raise UnreadableNotes(f"{shown(data)} is not a repair")
    for name, value in data.items():
        wanted = str if name in ("kind", "dtype") else int | float
        absent = value is None and name != "offset"
        if not absent and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise UnreadableNotes(f"{shown(data)} is not a repair")
    try:
        repair = Repair(**data)
    except TypeError as error:
        raise UnreadableNotes(f"{shown(data)} is not a repair: {error}") from error
    if repair.kind not in KINDS or not (repair.dtype is None or is_dtype(repair.dtype)):
        raise UnreadableNotes(f"{shown(data)} is no repair that this typedlayers knows")
    if not _is_sane(repair):
        raise UnreadableNotes(f"{shown(data)} has numbers that no repair has")
    if any(getattr(repair, needed) is None for needed in _NEEDED.get(repair.kind, ())):
        raise UnreadableNotes(f"{shown(data)} lacks what a repair of its kind needs")
    return repair


def shown(data: object) -> str:
    """Returns data as a message shows them: what came out of a file may be of any length."""
    return reprlib.repr(data)


def is_dtype(name: str) -> bool:
    """True of the name of a dtype of numbers."""
    return _NUMBERS.fullmatch(name) is not None


_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "cast": ("dtype",),
    "rescale": ("dtype", "scale"),
    "expand_dims": ("axis",),
    "squeeze": ("axis",),
    "argmax": ("dtype",),
    "one_hot": ("dtype", "size"),
}

_NUMBERS: Final = re.compile(r"bool|(?:bfloat|float|u?int)(?:8|16|32|64)")

MOST_AXES: Final = 32
"""More axes than a tensor has."""

MOST_CLASSES: Final = 1 << 24
"""More columns than one-hot rows have."""

SCALES: Final = (1e-6, 1e6)
"""The least and the greatest factor that brings values into another range."""


def _is_sane(repair: Repair) -> bool:
    """True of numbers that a repair can have: a factor that keeps the values apart, an offset and an axis in bounds."""
    least, most = SCALES
    scale = repair.scale is None or least <= repair.scale <= most  # NaN is no range either
    axis = repair.axis is None or (isinstance(repair.axis, int) and abs(repair.axis) <= MOST_AXES)
    size = repair.size is None or (isinstance(repair.size, int) and 0 < repair.size <= MOST_CLASSES)
    return scale and axis and size and abs(repair.offset) <= most
