"""Values on the host, as NumPy arrays: NumPy is ten times faster at a look than XLA on a CPU."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

SLICE: Final = 256
"""Samples of an input whose range is looked at."""

CLOSELY: Final = 4096
"""Values of them that are looked at closely: whether they are whole numbers."""

AT_ONCE: Final = 1 << 16
"""Values that are computed with at once, which stay in a processor's cache."""


class Numbers:
    """An array of numbers, not empty, with its ends: one pass for the least value and one for the greatest.

    >>> Numbers(np.array([[3, 1], [2, 5]])).ends
    (1.0, 5.0)
    """

    __slots__ = ("_array", "_ends")

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        """Takes an array of numbers."""
        self._array: np.ndarray[Any, Any] | None = array
        self._ends: tuple[float, float] | None = None

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """All values on the host."""
        assert self._array is not None
        return self._array

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes."""
        return self.array.shape

    @property
    def kind(self) -> str:
        """The kind of NumPy's dtype: ``f``, ``i``, ``u`` or ``b``."""
        return self.array.dtype.kind

    @property
    def size(self) -> int:
        """How many values there are."""
        return math.prod(self.shape)

    @property
    def lost(self) -> tuple[int, int]:
        """How many values are NaN, and how many infinite."""
        if self.kind != "f" or self.finite:
            return 0, 0
        return int(np.isnan(self.array).sum()), int(np.isinf(self.array).sum())

    @property
    def finite_ends(self) -> tuple[float, float] | None:
        """The least and the greatest finite value, None if there is none."""
        if self.finite:
            return self.ends
        array = self.array[np.isfinite(self.array)]
        return (float(array.min()), float(array.max())) if array.size else None

    @property
    def fraction(self) -> float | None:
        """The first finite value that is not whole, None if all are."""
        if self.kind != "f":
            return None
        flat = self.array.reshape(-1)
        for start in range(0, flat.size, AT_ONCE):
            part = flat[start : start + AT_ONCE]
            broken = (part != np.floor(part)) & ~np.isnan(part)
            if broken.any():
                return float(part[broken][0])
        return None

    @property
    def head(self) -> np.ndarray[Any, Any]:
        """Samples that are looked at closely: all of them, where they are at hand."""
        return self.array

    @property
    def pictures(self) -> np.ndarray[Any, Any]:
        """Values among which noise is looked for."""
        return self.array

    def along(self, axis: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Returns the least and the greatest value at each place of an axis."""
        others = tuple(one for one in range(self.array.ndim) if one != axis % self.array.ndim)
        return tuple(self.array.min(axis=others).tolist()), tuple(self.array.max(axis=others).tolist())

    def are_all(self, *values: float) -> bool:
        """Returns True if there is no value but these."""
        return bool(np.isin(self.array, np.asarray(values, self.array.dtype)).all())

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value; both NaN if there is one among them."""
        if self._ends is None:
            self._ends = float(self.array.min()), float(self.array.max())
        return self._ends

    @property
    def finite(self) -> bool:
        """Whether every value is a finite number: NaN and infinity survive both passes."""
        low, high = self.ends
        return math.isfinite(low) and math.isfinite(high)

    @property
    def is_double(self) -> bool:
        """Whether the values are of float64, which Keras computes with in float32."""
        return self.array.dtype == np.float64

    @property
    def computed_ends(self) -> tuple[float, float]:
        """The ends as Keras computes with them: a scaler's 1.0000000000000002 is 1."""
        low, high = self.ends
        return (_computed(low), _computed(high)) if self.is_double else (low, high)

    @property
    def near(self) -> np.ndarray[Any, Any]:
        """The values that are looked at closely."""
        array = self.array
        # no more than needed: what is not contiguous would be copied as a whole
        rows = array if array.ndim < 2 else array[: 1 + CLOSELY * len(array) // array.size]
        return rows.reshape(-1)[:CLOSELY]

    @property
    def computed_near(self) -> np.ndarray[Any, Any]:
        """The values that are looked at closely, as Keras computes with them."""
        near = self.near
        return near.astype("float32") if near.dtype == np.float64 and self.finite else near


def _computed(value: float) -> float:
    """A number of float64 in float32, where it is one."""
    return float(np.float32(value)) if abs(value) <= _LARGEST else value


_LARGEST: Final = float(np.finfo("float32").max)


_SMALL_FLOATS: Final = ("bfloat16", "float8", "float6", "float4")
"""Beginnings of the names of floats that NumPy does not count among its own."""


def as_array(given: Any) -> np.ndarray[Any, Any] | None:
    """Returns values on the host as a NumPy array of numbers; None if there are none or they are something else.

    Missing values of a pandas object become NaN, as in pandas itself.
    """
    array = _on_host(given)
    # a dtype is asked for its name only if it is not NumPy's own: that takes longer than the rest
    if array is not None and array.dtype.isbuiltin != 1 and array.dtype.name.startswith(_SMALL_FLOATS):
        array = array.astype("float32")
    return array if array is not None and array.dtype.kind in "uifb" and array.size else None


def first_of(given: Any) -> Any:
    """Returns the first samples of a tensor, before any of it is copied to the host."""
    if hasattr(given, "iloc"):
        return given.iloc[:SLICE]
    # a tensor without axes has no samples
    if not (isinstance(given, list | tuple) or getattr(given, "ndim", 0)):
        return given
    if is_short(given):
        return given
    if _lies_on_host(given):
        return np.asarray(given)[:SLICE]
    first, host = given[:SLICE], getattr(given, "numpy", None)
    # while a step is traced, even a part of a constant is symbolic
    return first if host is None or hasattr(first, "numpy") else host()[:SLICE]


def is_short(given: Any) -> bool:
    """Returns True if all samples are among the first."""
    shape = getattr(given, "shape", None)
    if shape is None:
        return isinstance(given, list | tuple) and len(given) <= SLICE
    return len(shape) == 0 or (shape[0] is not None and shape[0] <= SLICE)


def _lies_on_host(given: Any) -> bool:
    """True of a tensor whose values NumPy reads where they are: a part made by an op would be a copy."""
    return hasattr(given, "numpy") and "cpu" in str(getattr(given, "device", "")).lower()


def _on_host(given: Any) -> np.ndarray[Any, Any] | None:
    if given is None:
        return None
    if hasattr(given, "to_numpy"):
        return _of_pandas(given)
    try:
        # numpy() of an eager tensor copies, the protocol of arrays does not
        copied = hasattr(given, "numpy") and not hasattr(given, "__array__")
        return np.asarray(given.numpy() if copied else given)
    except ValueError:
        return None  # lists of unequal lengths


def _of_pandas(given: Any) -> np.ndarray[Any, Any] | None:
    dtypes = list(given.dtypes) if given.ndim == 2 else [given.dtype]
    kinds = {getattr(getattr(dtype, "numpy_dtype", dtype), "kind", "O") for dtype in dtypes}
    if not kinds <= set("uifb"):
        return None
    array = given.to_numpy()
    # a nullable column is an array of objects for NumPy, pandas.NA among them
    return array if array.dtype.kind != "O" else given.to_numpy(dtype="float64", na_value=np.nan)


def unfit(array: np.ndarray[Any, Any] | None, dtype: str) -> str | None:
    """Returns what keeps values from becoming an array of a dtype unchanged, None if nothing does."""
    if array is None:
        return "not every value is a number"
    if not dtype.startswith(("int", "uint")) or array.dtype.kind == "b":
        return None
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return "NaN and infinity are no whole numbers"
    broken = array[array != np.floor(array)] if array.dtype.kind == "f" else array[:0]
    if broken.size:
        return f"{broken.flat[0]:g} is no whole number"
    bounds = np.iinfo(dtype)
    least, most = array.min(), array.max()
    outside = least if least < bounds.min else most if most > bounds.max else None
    return None if outside is None else f"{outside:.0f} is beyond {dtype}, {bounds.min}..{bounds.max}"
