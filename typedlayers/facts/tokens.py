"""What the rows of labels of a CTC loss are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typedlayers.facts.arrays import Numbers


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What was seen of rows of labels, where 0 is the blank that pads them.

    Attributes:
        median: how many steps the median row needs.
        longest: how many steps the longest one needs.
        interrupted: the share of rows with a 0 before another label.
        led: whether each row is labels after zeros, if it has a 0 at all.
        padded: the share of rows that end in 0.
    """

    median: int
    longest: int
    interrupted: float
    led: bool
    padded: float


def tokens_of(numbers: Numbers | None) -> TokenFacts | None:
    """Returns what rows of labels are.

    Each label but 0, the blank, takes a step, and so does the blank between two equal ones (Graves et al. 2006,
    "Connectionist Temporal Classification", section 3.1). None if they are no rows of numbers.
    """
    if numbers is None or numbers.array.ndim != 2 or not numbers.finite:
        return None
    array = numbers.array
    filled = array != 0
    repeated = (array[:, 1:] == array[:, :-1]) & filled[:, 1:]
    counts = np.count_nonzero(filled, axis=1)
    needed = counts + np.count_nonzero(repeated, axis=1)
    width = array.shape[1]
    # the number of places from the first label on, and up to the last one
    since = np.where(counts, width - filled.argmax(axis=1), 0)
    until = np.where(counts, width - filled[:, ::-1].argmax(axis=1), 0)
    return TokenFacts(
        median=int(np.median(needed)),
        longest=int(needed.max()),
        interrupted=float((until > counts).mean()),
        led=bool((since == counts).all()),
        padded=float((until < width).mean()),
    )
