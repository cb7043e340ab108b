"""What can be seen of the values of a tensor: looked at when a rule first asks, each look once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np

from typedlayers.facts.arrays import Numbers, as_array, first_of, is_short, unfit
from typedlayers.facts.classes import LateClass, late_of
from typedlayers.facts.far import Far, FarNumbers
from typedlayers.facts.ids import IdFacts, ids_of
from typedlayers.facts.labels import Seen, labels_of
from typedlayers.facts.noise import is_noise
from typedlayers.facts.padding import Padding, Zeros, padding_of, zeros_of
from typedlayers.facts.parts import Parts, are_numbers, are_texts, parts_of
from typedlayers.facts.ranges import ChannelFacts, Gaps, ValueFacts, channels_of, gaps_of, levels_of, range_of
from typedlayers.facts.rows import RowFacts, rows_of
from typedlayers.facts.tokens import TokenFacts, tokens_of
from typedlayers.facts.windows import found_in

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
            given: an array, a tensor that has values, a pandas object, nested lists of numbers, or a `Far` tensor.
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
        values._looks |= {"range": facts, "noise": facts.noise, "gaps": Gaps(facts.nan, facts.infinite, facts.count)}
        return values

    @property
    def range(self) -> ValueFacts | None:
        """The range of the first samples; None if they are not numbers, or there are none."""
        return self._once("range", lambda: range_of(self._first))

    @property
    def noise(self) -> bool:
        """Whether the first samples are images whose pixels have nothing to do with their neighbours."""
        numbers = self._first
        return self._once("noise", lambda: numbers is not None and numbers.finite and is_noise(numbers.pictures))

    @property
    def gaps(self) -> Gaps | None:
        """How many of all values are NaN or infinite; None if they are not numbers, or there are none."""
        # a file that is mapped into memory would be read from start to end
        mapped = isinstance(self.given, np.memmap)
        return self._once("gaps", lambda: gaps_of(self._first if mapped else self._all))

    def unfit(self, dtype: str) -> str | None:
        """Returns what keeps the values from becoming an array of a dtype unchanged, None if nothing does.

        Args:
            dtype: the dtype, of numbers.

        >>> Values([[1.5, 2.0]]).unfit("int32"), Values([[1, None]]).unfit("float32"), Values([[1, 2]]).unfit("int32")
        ('1.5 is no whole number', 'not every value is a number', None)
        """
        return unfit(as_array(self.given), dtype)

    @property
    def levels(self) -> int:
        """How many distinct values there are among the finite ones that are looked at closely, and are not 0."""
        return self._once("levels", lambda: levels_of(self._first))

    def channels(self, axis: int) -> ChannelFacts | None:
        """Returns the range of each channel of the first samples; None if they are not three, or not finite.

        Args:
            axis: the axis of the channels.
        """
        return self._once(("channels", axis), lambda: channels_of(self._first, axis))

    def ids(self, dtype: str | None) -> IdFacts | None:
        """Returns what all values are as ids; None if some are infinite or not numbers, or there are none.

        Args:
            dtype: the dtype of the input that they go into.
        """
        return self._once(("ids", dtype), lambda: ids_of(self._all, dtype))

    def labels(self, *, ignore: int | None = None, weighted: bool = False) -> Seen | None:
        """Returns what is seen of all values as targets; None if they are not numbers, or there are none.

        Args:
            ignore: a class that the loss ignores.
            weighted: whether sample weights or a mask may take some of them out.
        """
        key = ("labels", ignore, weighted)
        return self._once(key, lambda: labels_of(self._all, ignore=ignore, weighted=weighted))

    def late(self, cut: int) -> tuple[LateClass, ...] | None:
        """Returns the classes that mostly do not occur before a sample; None if the values are no class for each.

        Args:
            cut: the first sample of the last part.
        """
        return self._once(("late", cut), lambda: late_of(self._all, cut))

    @property
    def rows(self) -> RowFacts | None:
        """What the rows along the last axis are; None if they are no finite numbers, or of one column."""
        return self._once("rows", lambda: rows_of(self._all))

    @property
    def padding(self) -> Padding | None:
        """How the first samples, sequences, are padded; None if they are not seen to be."""
        return self._once("padding", lambda: padding_of(self._first))

    @property
    def zeros(self) -> Zeros | None:
        """Where the first samples, sequences of ids, hold 0; None if they hold none, or are something else."""
        return self._once("zeros", lambda: zeros_of(self._first))

    @property
    def tokens(self) -> TokenFacts | None:
        """What the rows are as labels of a CTC loss; None if they are no rows of numbers."""
        return self._once("tokens", lambda: tokens_of(self._all))

    @property
    def holds_numbers(self) -> bool:
        """Whether an array of objects holds nothing but numbers and booleans."""
        return self._once("holds_numbers", lambda: are_numbers(self.given))

    @property
    def holds_texts(self) -> bool:
        """Whether an array of objects holds nothing but texts."""
        return self._once("holds_texts", lambda: are_texts(self.given))

    @property
    def parts(self) -> Parts | None:
        """The lists or arrays that an array of objects holds; None if it is no such array."""
        return self._once("parts", lambda: parts_of(self.given))

    @property
    def first(self) -> np.ndarray[Any, Any] | None:
        """The first samples on the host; None if they are not numbers, or there are none."""
        return None if self._first is None else self._first.array

    @property
    def _first(self) -> Numbers | None:
        return self._once("first", lambda: _numbers(first_of(self.given)))

    @property
    def _all(self) -> Numbers | None:
        return self._first if is_short(self.given) else self._once("all", lambda: _numbers(self.given))

    def _once(self, name: Hashable, look: Callable[[], Look]) -> Look:
        if name not in self._looks:
            self._looks[name] = look()
        return self._looks[name]


def _numbers(given: Any) -> Numbers | None:
    if isinstance(given, Far):
        return FarNumbers(given)
    array = as_array(given)
    return None if array is None else Numbers(array)


def facts_of(values: Any) -> ValueFacts | None:
    """Returns the range of a tensor's values."""
    return Values.of(values).range


def id_facts(values: Any, dtype: str | None) -> IdFacts | None:
    """Returns what a tensor's values are as ids."""
    return Values.of(values).ids(dtype)


def seen_of(values: Any, *, ignore: int | None = None, weighted: bool = False) -> Seen | None:
    """Returns what is seen of a tensor's values as targets."""
    return Values.of(values).labels(ignore=ignore, weighted=weighted)


def late_classes(values: Any, cut: int) -> tuple[LateClass, ...] | None:
    """Returns the classes that mostly occur from a sample on, None if the values are no classes for each sample."""
    return Values.of(values).late(cut)


def found_in_windows(x: Any, y: Any) -> int | None:
    """Returns the step of overlapping windows at which each target stands, None if there is none.

    Args:
        x: windows (samples, steps, features), each of which begins a step after the one before.
        y: a value or a row of features for each.
    """
    return found_in(Values.of(x).first, Values.of(y).first)
