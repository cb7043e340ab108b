"""How sequences in one array are padded: the value that fills the steps behind the end of the shorter ones."""

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
