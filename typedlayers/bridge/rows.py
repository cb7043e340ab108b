"""What stands for an array without being one: data frames, and Python lists of numbers or text."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from typedlayers.bridge.tensors import dtype_of
from typedlayers.spec import Carrier, Shape, Spec

_PLAIN: Final = (bool, int, float, complex, str, bytes)


def is_frame(value: Any) -> bool:
    """Whether a value is a DataFrame or a Series of pandas, which is no dependency."""
    return _pandas_class(value) is not None


def frame_spec(frame: Any) -> Spec:
    """Returns the spec of the array that Keras makes of a frame; a Series becomes one column."""
    if _pandas_class(frame) == "Series":
        return Spec(_column_dtype(frame.dtype), (len(frame), 1), Carrier.ARRAY)
    dtypes = [dtype for _, dtype in columns_of(frame)]
    return Spec(_common(dtypes), (len(frame), len(dtypes)), Carrier.ARRAY)


def is_nullable(value: Any) -> bool:
    """Whether a value is a frame with a column of numbers of pandas' own, which may lack some: ``Int64``."""
    kind = _pandas_class(value)
    if kind is None:
        return False
    dtypes = [value.dtype] if kind == "Series" else value.dtypes
    return any(hasattr(dtype, "numpy_dtype") for dtype in dtypes)


def columns_of(frame: Any) -> tuple[tuple[str, str], ...]:
    """Returns the columns of a frame, each with its name and dtype; a Series is one column."""
    if _pandas_class(frame) == "Series":
        return ((str(frame.name), _column_dtype(frame.dtype)),)
    return tuple((str(name), _column_dtype(dtype)) for name, dtype in zip(frame.columns, frame.dtypes, strict=True))


def _pandas_class(value: Any) -> str | None:
    names = [c.__name__ for c in type(value).__mro__ if c.__module__.partition(".")[0] == "pandas"]
    return next((name for name in names if name in ("DataFrame", "Series")), None)


def _column_dtype(dtype: Any) -> str:
    """The dtype's name; what NumPy has no numbers for (text, categories, dates, objects) is ``object``."""
    plain = getattr(dtype, "numpy_dtype", dtype)
    return (dtype_of(plain) or "object") if isinstance(plain, np.dtype) and plain.kind in "biufc" else "object"


def _common(dtypes: list[str]) -> str:
    if not dtypes or "object" in dtypes:
        return "object"
    return str(np.result_type(*dtypes))


def is_rows(value: Any) -> bool:
    """Whether a value is a Python list of numbers or text, or of such lists: no array in it."""
    if not isinstance(value, list | tuple) or not value:
        return False
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return isinstance(value, _PLAIN)


def rows_spec(rows: Any) -> Spec:
    """Returns the spec of the array that lists of numbers or text would make.

    >>> print(rows_spec([[1, 2], [3, 4], [5, 6]]), rows_spec([[1.5], [2, 3]]))
    int64 (3, 2) float64 (2, ?)
    """
    shape, first = _shape(rows)
    if isinstance(first, str | bytes):
        return Spec("string", shape, Carrier.ARRAY)
    return Spec(str(np.asarray(first).dtype), shape, Carrier.ARRAY)


def _shape(rows: Any) -> tuple[Shape, Any]:
    """The shape of nested lists, None where lengths differ; and the first number in them."""
    shape: list[int | None] = []
    level = [rows]
    while level and all(isinstance(item, list | tuple) for item in level):
        lengths = {len(item) for item in level}
        shape.append(lengths.pop() if len(lengths) == 1 else None)
        level = [inner for item in level for inner in item]
    return tuple(shape), level[0] if level else 0.0
