"""The front of a model as plain data in a file, and back: no number is taken that a range cannot have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from typedlayers.diagnostics.repair_notes import UnreadableNotes, is_dtype, shown
from typedlayers.facts.front import Front, Taken
from typedlayers.facts.value_notes import facts_data, read_facts
from typedlayers.spec import Kind, kind_of

VERSION: Final = 2
"""The layout of a model's notes; files of another one are not read."""

MOST: Final = 1e12
"""Values of data that are meant to be learned from stay below it."""

FLAGS: Final = ("frozen", "unread")


def front_data(front: Front) -> dict[str, Any]:
    """Returns a front as plain data.

    >>> front_data(Front(inputs={"image": Taken(declared=(0, 1))}))
    {'inputs': {'image': {'dtype': 'float32', 'declared': [0.0, 1.0]}}}
    """
    flags = {name: True for name in FLAGS if getattr(front, name)}
    return {"inputs": {key: _taken_data(one) for key, one in front.inputs.items()}, **flags}


def _taken_data(one: Taken) -> dict[str, Any]:
    found: dict[str, Any] = {"dtype": one.dtype}
    if one.declared is not None:
        found["declared"] = [float(end) for end in one.declared]
    if one.trained is not None:
        found["trained"] = facts_data(one.trained)
    return found


def read_front(data: Any) -> Front:
    """Returns the front that was noted.

    Raises:
        UnreadableNotes: if the numbers are no range.
        KeyError, TypeError, ValueError, OverflowError: if the data are something else.
    """
    _require(isinstance(data, Mapping) and isinstance(data.get("inputs", {}), Mapping), data)
    flags = {name: data.get(name, False) for name in FLAGS}
    _require(all(isinstance(flag, bool) for flag in flags.values()), data)
    return Front(inputs={str(key): _read(one) for key, one in data.get("inputs", {}).items()}, **flags)


def _read(data: Any) -> Taken:
    _require(isinstance(data, Mapping), data)
    dtype, declared, trained = data.get("dtype", "float32"), data.get("declared"), data.get("trained")
    _require(isinstance(dtype, str) and is_dtype(dtype) and kind_of(dtype) is Kind.FLOAT, data)
    if declared is not None:
        _require(isinstance(declared, list) and len(declared) == 2, data)
        _require(not any(isinstance(one, bool) for one in declared), data)
        declared = (float(declared[0]), float(declared[1]))
        _require(-MOST <= declared[0] <= declared[1] <= MOST, data)  # NaN is in no order
    return Taken(declared=declared, trained=None if trained is None else read_facts(trained), dtype=dtype)


def _require(holds: bool, data: Any) -> None:
    if not holds:
        raise UnreadableNotes(f"{shown(data)} is not a range of values")
