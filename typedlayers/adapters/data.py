"""A repair of data as they are given: arrays without a copy, lists as arrays, tensors by ops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from typedlayers.adapters.eager import repaired
from typedlayers.diagnostics.model import Repair
from typedlayers.diagnostics.repair_kinds import kind_of_repair


def mended(data: Any, path: tuple[str | int, ...], repair: Repair) -> Any:
    """Returns a nest of data with the tensor at a path repaired.

    A list of one tensor is that tensor, and a list of numbers the array that it makes: both stand at the empty path.

    >>> mended({"age": [1, 2], "size": 3}, ("age",), Repair("cast", dtype="float32"))
    {'age': array([1., 2.], dtype=float32), 'size': 3}
    """
    if path and isinstance(data, Mapping):
        return {key: mended(item, path[1:], repair) if str(key) == path[0] else item for key, item in data.items()}
    if path:
        return [mended(item, path[1:], repair) if index == path[0] else item for index, item in enumerate(data)]
    if isinstance(data, list | tuple):
        alone = len(data) == 1 and hasattr(data[0], "shape")
        return _repaired(repair, data[0]) if alone else np.asarray(data, dtype=repair.dtype)
    return _repaired(repair, data)


def _repaired(repair: Repair, value: Any) -> Any:
    kind = kind_of_repair(repair)
    if kind.elementwise or not isinstance(value, np.ndarray):
        return repaired(repair, value)
    return kind.compute(np, repair, value)  # a view
