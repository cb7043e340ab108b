"""How sequences in one array are padded: by a value in the steps behind the end of the shorter ones, or by ids of 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from typedlayers.facts.arrays import Numbers

LEAST: Final = 0.25
"""The share of the sequences that end in padding at the least."""

SPREAD: Final = 2
"""By how many steps the longest padding is longer than the shortest: one step may hold a constant by chance."""


@dataclass(frozen=True, slots=True)
class Padding:
    """The padding of sequences.

    Attributes:
        value: the value of every feature of a padded step.
        share: the share of the sequences that end in it.
        steps: all values that fill a whole step anywhere.
    """

    value: float
    share: float
    steps: frozenset[float]


def padding_of(numbers: Numbers | None) -> Padding | None:
    """Returns how sequences (samples, steps, features) are padded, None if they are not seen to be.

    Many of them must end in one value, in runs of other lengths: a constant at all ends may be data.
    """
    if numbers is None or numbers.array.ndim != 3 or 0 in numbers.shape or not numbers.finite:
        return None
    array = numbers.array
    first = array[..., :1]
    constant = (array == first).all(axis=2)
    steps = frozenset(float(value) for value in np.unique(first[..., 0][constant])[:_DISTINCT])
    ends = array[:, -1, 0][constant[:, -1]]
    values, counts = np.unique(ends, return_counts=True)
    if not len(values):
        return None
    value, share = float(values[counts.argmax()]), int(counts.max()) / len(array)
    other = ~(constant & (first[..., 0] == value))[:, ::-1]
    runs = np.where(other.any(axis=1), other.argmax(axis=1), array.shape[1])
    return Padding(value, share, steps) if share >= LEAST and int(runs.max() - runs.min()) >= SPREAD else None


_DISTINCT: Final = 64
"""Values of constant steps that are kept: with one feature every step is constant."""


@dataclass(frozen=True, slots=True)
class Zeros:
    """Where sequences of ids hold 0.

    Attributes:
        rows: how many sequences were looked at.
        between: the share of them with a 0 between other ids.
        ends: the share of them that begin or end in 0.
        share: the share of 0 among all ids.
        most: the share of the id, not 0, that occurs most.
    """

    rows: int
    between: float
    ends: float
    share: float
    most: float


def zeros_of(numbers: Numbers | None) -> Zeros | None:
    """Returns where sequences (samples, steps) of whole numbers from 0 on hold 0, None if they hold none."""
    if numbers is None or numbers.array.ndim != 2 or not numbers.finite or numbers.ends[0] != 0:
        return None
    array = numbers.array
    if numbers.shape[1] < _FEWEST_STEPS or numbers.fraction is not None or numbers.ends[1] < 1:
        return None
    filled = array != 0
    counts = np.count_nonzero(filled, axis=1)
    spans = array.shape[1] - filled.argmax(axis=1) - filled[:, ::-1].argmax(axis=1)
    _, others = np.unique(array[filled], return_counts=True)
    return Zeros(
        rows=len(array),
        between=float(((counts > 0) & (spans > counts)).mean()),
        ends=float((~filled[:, 0] | ~filled[:, -1]).mean()),
        share=float((~filled).mean()),
        most=float(others.max() / array.size),
    )


_FEWEST_STEPS: Final = 3
