"""What is seen of the values of a tensor: on the host with NumPy, which is ten times faster at it than XLA on a CPU."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import numpy as np

from typedlayers.spec import Range, RangeClass


class Rows(enum.Enum):
    """What the rows along the last axis hold."""

    ONE_HOT = "one 1 each"
    MULTI_HOT = "several 1s in some"
    SINGLE = "at most one number that is not 0 each"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of the values of targets.

    Attributes:
        low: the least value; NaN if there is one among them.
        high: the greatest value; NaN if there is one among them.
        whole: whether those that were looked at closely are whole numbers.
        few: the distinct values of those, if they are no more than `FEW`; else empty.
        rows: what their rows hold.
        zeros: whether 0 is among those.
        weighted: whether sample weights or a mask may take some of them out.
        near: those that were looked at closely.
    """

    low: float
    high: float
    whole: bool
    few: tuple[float, ...] = ()
    rows: Rows = Rows.OTHER
    zeros: bool = False
    weighted: bool = False
    near: tuple[float, ...] = field(default=(), compare=False, repr=False)

    FEW = 2

    def share_outside(self, low: float, high: float) -> float:
        """Returns the share of the values outside of a range, as far as they were looked at closely; else 1."""
        return sum(not low <= value <= high for value in self.near) / len(self.near) if self.near else 1.0

    @property
    def finite(self) -> bool:
        """Whether every value is a finite number."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def binary(self) -> bool:
        """Whether every value is 0 or 1."""
        return self.whole and self.low >= 0 and self.high <= 1

    @property
    def bytes(self) -> bool:
        """Whether the values look like those of an image file: 0 and 255, or whole numbers up to 255."""
        return self.few == (0, 255) or (self.whole and self.low >= 0 and 64 <= self.high <= 255)

    def __str__(self) -> str:
        if self.few:
            return " and ".join(f"{value:g}" for value in self.few)
        return f"{self.low:g}..{self.high:g}"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was seen of the rows along the last axis of targets.

    Attributes:
        count: how many rows were looked at.
        one_hot: whether each holds one 1, and 0 elsewhere.
        empty: how many hold nothing but 0, if the others hold one 1.
        first: whether the first column holds something else than 0.
        used: how many columns hold something else than 0.
        most: the greatest sum of a row.
        beyond: the share of rows that sum to clearly more than 1.
    """

    count: int
    one_hot: bool
    empty: int
    first: bool
    used: int
    most: float
    beyond: float


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What was seen of values that are looked up.

    Attributes:
        low: the least value.
        high: the greatest value.
        fraction: a value that is not whole, None if all are.
        rounded: a whole number that the input's dtype does not hold, and what it becomes; None if it holds all.
        missing: how many of them are NaN, which the others' facts leave out.
    """

    low: float
    high: float
    fraction: float | None = None
    rounded: tuple[int, int] | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class LateClass:
    """A class that occurs only in the last part of the targets.

    Attributes:
        id: the class.
        count: how often it occurs.
        classes: how many classes there are in all.
    """

    id: int
    count: int
    classes: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many values are not finite numbers.

    Attributes:
        nan: how many values are not a number.
        infinite: how many values are infinite.
        count: how many values there are.
    """

    nan: int
    infinite: int
    count: int


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """The range of the first samples of one tensor.

    Attributes:
        low: the least finite value.
        high: the greatest finite value.
        nan: how many values are not a number.
        infinite: how many values are infinite.
        whole: whether the values that were looked at closely are whole numbers.
        count: how many values were looked at.
        noise: whether they are images whose pixels have nothing to do with their neighbours.
    """

    low: float
    high: float
    nan: int = 0
    infinite: int = 0
    whole: bool = True
    count: int = 0
    noise: bool = False

    @property
    def finite(self) -> bool:
        """True if every value is a finite number."""
        return not (self.nan or self.infinite)

    def joined(self, other: ValueFacts) -> ValueFacts:
        """Returns what was seen of two batches together."""
        return ValueFacts(
            min(self.low, other.low),
            max(self.high, other.high),
            self.nan + other.nan,
            self.infinite + other.infinite,
            whole=self.whole and other.whole,
            count=max(self.count, other.count),
            noise=self.noise and other.noise,
        )

    @property
    def family(self) -> RangeClass:
        """The class of range that the values belong to."""
        return Range(self.low, self.high).family

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """The range of each channel of the first images of three channels.

    Attributes:
        lows: the least value of each.
        highs: the greatest value of each.
        levels: how many distinct values the channel with the most of them has, as far as they were looked at closely.
    """

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    levels: int


SLICE: Final = 256
"""Samples of an input whose range is looked at."""

CLOSELY: Final = 4096
"""Values of them that are looked at closely: whether they are whole numbers."""

AT_ONCE: Final = 1 << 16
"""Values that are computed with at once, which stay in a processor's cache."""

Look = TypeVar("Look")


class Values:
    """What can be seen of the values of one tensor: looked at when first asked, each look once.

    >>> values = Values([[0.0, 0.5], [1.0, float("nan")]])
    >>> str(values.range), values.gaps
    ('0..1', Gaps(nan=1, infinite=0, count=4))
    """

    __slots__ = ("_looks", "given")

    def __init__(self, given: Any) -> None:
        """Takes whatever holds the values.

        Args:
            given: an array, a tensor that has values, a pandas object, or nested lists of numbers.
        """
        self.given = given
        self._looks: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, given: Any) -> Values:
        """Returns the values of a tensor; what are values already as they are."""
        return given if isinstance(given, Values) else cls(given)

    @classmethod
    def known(cls, facts: ValueFacts) -> Values:
        """Returns values of which no more than their range is known, without a tensor."""
        values = cls(None)
        values._looks |= {"range": facts, "gaps": Gaps(facts.nan, facts.infinite, facts.count)}
        return values

    @property
    def range(self) -> ValueFacts | None:
        """The range of the first samples; None if they are not numbers, or there are none."""
        return self._once("range", lambda: _range(as_array(_first_of(self.given))))

    @property
    def gaps(self) -> Gaps | None:
        """How many of all values are NaN or infinite; None if they are not numbers, or there are none."""
        return self._once("gaps", self._gaps)

    def unfit(self, dtype: str) -> str | None:
        """Returns what keeps the values from becoming an array of a dtype unchanged, None if nothing does.

        Args:
            dtype: the dtype, of numbers.

        >>> Values([[1.5, 2.0]]).unfit("int32"), Values([[1, None]]).unfit("float32"), Values([[1, 2]]).unfit("int32")
        ('1.5 is no whole number', 'not every value is a number', None)
        """
        return _unfit(as_array(self.given), dtype)

    @property
    def levels(self) -> int:
        """How many distinct values there are among the finite ones that are looked at closely, and are not 0."""
        return self._once("levels", lambda: _levels(as_array(_first_of(self.given))))

    def channels(self, axis: int) -> ChannelFacts | None:
        """Returns the range of each channel of the first samples; None if they are not three, or not finite.

        Args:
            axis: the axis of the channels.
        """
        return self._once(("channels", axis), lambda: _channels(as_array(_first_of(self.given)), axis))

    def ids(self, dtype: str | None) -> IdFacts | None:
        """Returns what all values are as ids; None if some are infinite or not numbers, or there are none.

        Args:
            dtype: the dtype of the input that they go into.
        """
        return self._once(("ids", dtype), lambda: _ids(as_array(self.given), dtype))

    def labels(self, *, ignore: int | None = None, weighted: bool = False) -> Seen | None:
        """Returns what is seen of all values as targets; None if they are not numbers, or there are none.

        Args:
            ignore: a class that the loss ignores.
            weighted: whether sample weights or a mask may take some of them out.
        """
        return self._once(
            ("labels", ignore, weighted), lambda: _labels(as_array(self.given), ignore=ignore, weighted=weighted)
        )

    def late(self, cut: int) -> tuple[LateClass, ...] | None:
        """Returns the classes that do not occur before a sample; None if the values are no class for each sample.

        Args:
            cut: the first sample of the last part.
        """
        return self._once(("late", cut), lambda: _late(as_array(self.given), cut))

    @property
    def rows(self) -> RowFacts | None:
        """What the rows along the last axis are; None if they are no finite numbers, or of one column."""
        return self._once("rows", lambda: _row_facts(as_array(self.given)))

    def _gaps(self) -> Gaps | None:
        # a file that is mapped into memory would be read from start to end
        mapped = isinstance(self.given, np.memmap)
        return _gaps(as_array(_first_of(self.given) if mapped else self.given))

    def _once(self, name: Hashable, look: Callable[[], Look]) -> Look:
        if name not in self._looks:
            self._looks[name] = look()
        return self._looks[name]


_SMALL_FLOATS: Final = ("bfloat16", "float8", "float6", "float4")
"""Beginnings of the names of floats that NumPy does not count among its own."""


def as_array(given: Any) -> np.ndarray[Any, Any] | None:
    """Returns values on the host as a NumPy array of numbers; None if there are none or they are something else.

    Missing values of a pandas object become NaN, as in pandas itself.
    """
    array = _on_host(given)
    if array is not None and array.dtype.name.startswith(_SMALL_FLOATS):
        array = array.astype("float32")
    return array if array is not None and array.dtype.kind in "uifb" and array.size else None


def _unfit(array: np.ndarray[Any, Any] | None, dtype: str) -> str | None:
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


def _on_host(given: Any) -> np.ndarray[Any, Any] | None:
    if given is None:
        return None
    if hasattr(given, "to_numpy"):
        return _of_pandas(given)
    try:
        return np.asarray(given.numpy() if hasattr(given, "numpy") else given)
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


def _first_of(given: Any) -> Any:
    """The first samples of a tensor, before any of it is copied to the host."""
    if hasattr(given, "iloc"):
        return given.iloc[:SLICE]
    # a tensor without axes has no samples
    if not (isinstance(given, list | tuple) or getattr(given, "ndim", 0)):
        return given
    first, host = given[:SLICE], getattr(given, "numpy", None)
    # while a step is traced, even a part of a constant is symbolic
    return first if host is None or hasattr(first, "numpy") else host()[:SLICE]


def _range(array: np.ndarray[Any, Any] | None) -> ValueFacts | None:
    """One pass for the least and one for the greatest value: NaN and infinity survive both."""
    if array is None:
        return None
    low, high = float(array.min()), float(array.max())
    near = array.reshape(-1)[:CLOSELY]
    whole = array.dtype.kind in "uib" or bool(np.all(near == np.floor(near)))
    if np.isfinite(low) and np.isfinite(high):
        return ValueFacts(low, high, whole=whole, count=array.size, noise=_is_noise(array))
    nan, infinite = int(np.isnan(array).sum()), int(np.isinf(array).sum())
    finite = array[np.isfinite(array)]
    if finite.size == 0:
        return ValueFacts(0.0, 0.0, nan, infinite, count=array.size)
    return ValueFacts(float(finite.min()), float(finite.max()), nan, infinite, whole, array.size)


ALIKE: Final = 0.8
"""Half the mean square difference of neighbours, as a part of the variance: 1 for noise, below 0.3 for a picture."""


def _is_noise(array: np.ndarray[Any, Any]) -> bool:
    """True of images, channels first or last, in which no pixel is like the one beside it: no picture was taken."""
    if array.ndim != 4:
        return False
    # the middle of a picture: at its edges there may be nothing but the noise of a camera
    near = array[(slice(4), *map(_middle, array.shape[1:]))].astype("float32")
    axes = [axis for axis in (1, 2, 3) if near.shape[axis] >= 8][:2]
    variance = near.var()
    if len(axes) < 2 or not variance > 0:
        return False
    steps = (np.diff(near, axis=axis).reshape(-1) for axis in axes)
    return all(np.dot(step, step) >= 2 * ALIKE * variance * step.size for step in steps)


SIDE: Final = 16
"""Pixels along each axis that are compared with their neighbours."""


def _middle(size: int) -> slice:
    start = max(0, (size - SIDE) // 2)
    return slice(start, start + SIDE)


def _levels(array: np.ndarray[Any, Any] | None) -> int:
    if array is None:
        return 0
    near = array.reshape(-1)
    near = near[np.isfinite(near) & (near != 0)][:CLOSELY]
    return len(np.unique(near))


def _channels(array: np.ndarray[Any, Any] | None, axis: int) -> ChannelFacts | None:
    if array is None or array.ndim != 4 or array.shape[axis] != 3 or not np.isfinite(array).all():
        return None
    parts = [np.take(array, index, axis=axis).reshape(-1) for index in range(3)]
    levels = max(len(np.unique(part[:CLOSELY])) for part in parts)
    return ChannelFacts(tuple(float(part.min()) for part in parts), tuple(float(part.max()) for part in parts), levels)


def _gaps(array: np.ndarray[Any, Any] | None) -> Gaps | None:
    if array is None:
        return None
    if array.dtype.kind != "f" or (np.isfinite(array.min()) and np.isfinite(array.max())):
        return Gaps(0, 0, array.size)
    return Gaps(int(np.isnan(array).sum()), int(np.isinf(array).sum()), array.size)


def _late(array: np.ndarray[Any, Any] | None, cut: int) -> tuple[LateClass, ...] | None:
    ids = None if array is None else _class_of_each(array)
    if ids is None or not 0 < cut < len(ids):
        return None
    classes, counts = np.unique(ids, return_counts=True)
    early = np.isin(classes, ids[:cut])
    return tuple(
        LateClass(int(one), int(count), len(classes))
        for one, count in zip(classes[~early], counts[~early], strict=True)
    )


def _class_of_each(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    """One class id for each sample, of ids or of one-hot rows."""
    if array.ndim == 2 and array.shape[1] > 1:
        one_hot = bool(np.isin(array, (0, 1)).all()) and bool((array.sum(axis=1) == 1).all())
        return array.argmax(axis=1) if one_hot else None
    if array.ndim > 2:
        return None
    ids = array.reshape(-1)
    if ids.dtype.kind == "f" and not (np.isfinite(ids).all() and (ids == np.floor(ids)).all()):
        return None
    return ids


NAN_AS_ID: Final = (-(2.0**31), -(2.0**63))
"""What NaN becomes where it is cast to int32 or int64: the least number of that dtype."""


def facts_of(values: Any) -> ValueFacts | None:
    """Returns the range of a tensor's values."""
    return Values.of(values).range


def id_facts(values: Any, dtype: str | None) -> IdFacts | None:
    """Returns what a tensor's values are as ids."""
    return Values.of(values).ids(dtype)


def seen_of(values: Any, *, ignore: int | None = None, weighted: bool = False) -> Seen | None:
    """Returns what is seen of a tensor's values as targets."""
    return Values.of(values).labels(ignore=ignore, weighted=weighted)


EXACT_BITS: Final = {"bfloat16": 8, "float16": 11, "float32": 24, "float64": 53}
"""Bits of a whole number that a float dtype holds, whatever the number (IEEE 754, and bfloat16)."""


def _ids(array: np.ndarray[Any, Any] | None, dtype: str | None) -> IdFacts | None:
    """All of them are looked at: the one id too large is not among the first."""
    if array is None or array.dtype.kind == "b":
        return None
    low, high, missing = float(array.min()), float(array.max()), 0
    if np.isnan(low):
        missing = int(np.isnan(array).sum())
        array = array[~np.isnan(array)]
        low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    return IdFacts(low, high, _fraction(array), _rounded(array, dtype, max(-low, high)), missing)


def _fraction(array: np.ndarray[Any, Any]) -> float | None:
    if array.dtype.kind != "f":
        return None
    flat = array.reshape(-1)
    for start in range(0, flat.size, AT_ONCE):
        part = flat[start : start + AT_ONCE]
        broken = part != np.floor(part)
        if broken.any():
            return float(part[broken][0])
    return None


def _rounded(array: np.ndarray[Any, Any], dtype: str | None, largest: float) -> tuple[int, int] | None:
    """The first whole number that changes in a dtype of floats, with what it becomes."""
    bits = EXACT_BITS.get(dtype or "")
    if bits is None or largest <= 2**bits:
        return None
    became = array.astype(dtype).astype(array.dtype)
    changed = np.flatnonzero(became != array)
    if not changed.size:
        return None
    return int(array.flat[changed[0]]), int(became.flat[changed[0]])


def _labels(array: np.ndarray[Any, Any] | None, *, ignore: int | None, weighted: bool) -> Seen | None:
    """One pass for the least and one for the greatest value; the rest is seen of those that are looked at closely."""
    if array is None:
        return None
    low, high = float(array.min()), float(array.max())
    if ignore is not None and not (low > ignore or high < ignore):
        array = array[array != ignore]
        if array.size == 0:
            return None
        low, high = float(array.min()), float(array.max())
    near = array.reshape(-1)[:CLOSELY]
    finite = near[np.isfinite(near)]
    few = np.unique(near)
    two = len(few) == Seen.FEW and (low, high) == (few[0], few[-1]) and _are_all(array, few)
    return Seen(
        low,
        high,
        whole=bool(np.all(finite == np.floor(finite))),
        few=tuple(float(value) for value in few) if two else (),
        rows=_rows(array),
        zeros=bool((near == 0).any()),
        weighted=weighted,
        near=tuple(finite.tolist()),
    )


def _are_all(array: np.ndarray[Any, Any], two: np.ndarray[Any, Any]) -> bool:
    """Whether an array holds no value between two; nothing is made of 0 and 1 that needs to know it."""
    adjacent = array.dtype.kind in "uib" and int(two[1]) - int(two[0]) == 1
    if adjacent or tuple(two) == (0, 1) or array.size <= CLOSELY:
        return True
    return bool(((array == two[0]) | (array == two[1])).all())


MANY: Final = 2**22
"""Values of maps or sequences whose rows are looked at; of a table every row is."""

CLEARLY_MORE: Final = 1.2
"""The sum of a row that noise does not make of 1."""


def _row_facts(array: np.ndarray[Any, Any] | None) -> RowFacts | None:
    if array is None or array.ndim < 2 or array.shape[-1] < 2:
        return None
    width = array.shape[-1]
    table = array if array.ndim == 2 else array.reshape(-1, width)[: max(1, MANY // width)]
    sums, filled = table.sum(axis=-1, dtype="float64"), table != 0
    if not np.isfinite(sums).all():
        return None
    numbers, columns = filled.sum(axis=-1), filled.any(axis=0)
    single = bool((numbers <= 1).all() and (sums == numbers).all())
    empty = int((numbers == 0).sum())
    return RowFacts(
        count=len(table),
        one_hot=single and not empty,
        empty=empty if single else 0,
        first=bool(columns[0]),
        used=int(columns.sum()),
        most=float(sums.max()),
        beyond=float((sums > CLEARLY_MORE).mean()) if table.min() >= 0 else 0.0,
    )


def _rows(array: np.ndarray) -> Rows:
    """What the rows of the last axis hold, as far as they were looked at closely."""
    if array.ndim < 2 or array.shape[-1] < 2:
        return Rows.OTHER
    width = array.shape[-1]
    near = array.reshape(-1, width)[: max(1, CLOSELY // width)]
    if not np.isin(near, (0, 1)).all():
        return Rows.SINGLE if np.count_nonzero(near, axis=-1).max() <= 1 else Rows.OTHER
    sums = near.sum(axis=-1)
    if (sums == 1).all():
        return Rows.ONE_HOT
    return Rows.MULTI_HOT if sums.max() > 1 else Rows.OTHER


WINDOWS: Final = 64
"""Windows that are compared with their targets."""


def found_in_windows(x: Any, y: Any) -> int | None:
    """Returns the step of overlapping windows at which each target stands, None if there is none.

    Args:
        x: windows (samples, steps, features), each of which begins a step after the one before.
        y: a value or a row of features for each.
    """
    windows, targets = (as_array(_first_of(Values.of(one).given)) for one in (x, y))
    if windows is None or targets is None or windows.ndim != 3 or len(windows) < 4 or windows.shape[1] < 2:
        return None
    windows, targets = windows[:WINDOWS], targets[:WINDOWS]
    if len(targets) != len(windows) or not np.array_equal(windows[1:, :-1], windows[:-1, 1:]):
        return None
    targets = targets.reshape(len(targets), -1)
    if targets.shape[1] not in (1, windows.shape[2]) or (targets == targets[0]).all():
        return None
    same = (windows == targets[:, None, :]).all(axis=0)  # steps, features
    found = np.flatnonzero(same.any(axis=1) if targets.shape[1] == 1 else same.all(axis=1))
    return int(found[0]) if found.size else None


def late_classes(values: Any, cut: int) -> tuple[LateClass, ...] | None:
    """Returns the classes that only occur from a sample on, None if the values are no classes for each sample."""
    return Values.of(values).late(cut)
