"""The ledger: one entry for one repair, however many sizes it meets."""

from __future__ import annotations

from typing import Any

import pytest

from typedlayers.diagnostics.model import Location, Repair
from typedlayers.spec import Spec
from typedlayers.verdict.ledger import MOST_SHAPES, Entry, Ledger


def entry(before: Any, after: Any, what: str = "x") -> Entry:
    specs = Spec("float32", before), Spec("float32", after)
    return Entry(Repair("expand_dims", axis=-1), what, Location(), "too few axes", "TL201", *specs)


@pytest.mark.parametrize("count", [1, 2, 400, 3 * MOST_SHAPES])
def test_lengths_that_vary_are_one_entry(count: int) -> None:
    ledger = Ledger()
    for _ in range(2):
        for length in range(1, count + 1):
            ledger.add(entry((None, length), (None, length, 1)))
    (one,) = ledger
    assert one.shapes == min(count, MOST_SHAPES)
    open_size = 1 if count == 1 else None
    assert (one.before.shape, one.after.shape) == ((None, open_size), (None, open_size, 1))
    several = f", {one.shapes} shapes" if count > 1 else ""
    size = "1" if count == 1 else "?"
    assert str(one) == (
        f"expand_dims(axis=-1): float32 (batch, {size}) → float32 (batch, {size}, 1){several}, x [TL201]"
    )


def test_what_differs_in_more_than_sizes_is_an_entry_of_its_own() -> None:
    ledger = Ledger()
    for one in (entry((2,), (2, 1)), entry((2, 3), (2, 3, 1)), entry((2,), (2, 1), "y")):
        ledger.add(one)
    assert len(ledger) == 3
