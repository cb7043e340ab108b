"""Two variants of the same work, timed in turn: what every benchmark here shares.

Absolute times of a shared machine mean little. So all variants of a measurement run in every round, in an order that
changes from round to round; what is reported is the median over the rounds of the ratio to the base variant, with its
95 % interval. The same work under two names (the A/A row) shows what the machine alone makes of a ratio: a difference
smaller than that row's is none. Time is processor time where a single process does the work, so that what else runs on
the machine counts less, and TensorFlow has one thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import argparse
import contextlib
import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

Work = Callable[[], object]
Contexts = Mapping[str, Callable[[], AbstractContextManager[object]]]
"""By variant, the ``with`` block that it is timed in; opening and closing it is not timed."""

MOST_CALLS = 20_000
"""Calls of one variant in one round, at most."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds per call, by variant, one entry for each round."""

    rounds: Mapping[str, Sequence[float]]

    def median(self, name: str) -> float:
        """Seconds per call of a variant."""
        return statistics.median(self.rounds[name])

    def ratios(self, name: str, base: str) -> list[float]:
        """The ratio of two variants in each round, least first."""
        return sorted(a / b for a, b in zip(self.rounds[name], self.rounds[base], strict=True))

    def ratio(self, name: str, base: str) -> float:
        """The median ratio of two variants."""
        return statistics.median(self.ratios(name, base))

    def interval(self, name: str, base: str) -> tuple[float, float]:
        """The 95 % interval of that median, from order statistics: nothing is supposed of the distribution."""
        ratios = self.ratios(name, base)
        middle, half = len(ratios) // 2, int(0.98 * len(ratios) ** 0.5)
        return ratios[max(0, middle - half)], ratios[min(len(ratios) - 1, middle + half)]


def interleave(
    variants: Mapping[str, Work],
    *,
    rounds: int,
    seconds: float = 0.02,
    warmup: int = 2,
    contexts: Contexts | None = None,
) -> Times:
    """Times every variant in every round.

    Args:
        variants: the work of each.
        rounds: how often each is timed.
        seconds: how long one variant is repeated in one round, about; 0 for a single call.
        warmup: calls of each before anything is timed.
        contexts: the ``with`` blocks of those that need one.
    """
    around = {name: (contexts or {}).get(name, contextlib.nullcontext) for name in variants}
    calls: dict[str, int] = {}
    for name, work in variants.items():
        with around[name]():
            calls[name] = _calls(work, seconds, warmup)
    order = random.Random(0)
    names = list(variants)
    found: dict[str, list[float]] = {name: [] for name in variants}
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()  # so that the collections between rounds look at new objects only
    try:
        for _ in range(rounds):
            order.shuffle(names)
            for name in names:
                with around[name]():
                    found[name].append(_timed(variants[name], calls[name]))
            gc.collect()
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()
    return Times(found)


def _calls(work: Work, seconds: float, warmup: int) -> int:
    """How many calls take about so many seconds."""
    for _ in range(warmup):
        work()
    calls = 1
    while seconds and calls < MOST_CALLS:
        taken = _timed(work, calls) * calls
        if taken > seconds / 4:
            return max(1, min(MOST_CALLS, int(calls * seconds / taken)))
        calls *= 4
    return min(calls, MOST_CALLS)


def _timed(work: Work, calls: int) -> float:
    repeats = range(calls)
    start = time.process_time()
    for _ in repeats:
        work()
    return (time.process_time() - start) / calls


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: the base variant, the same again, and what is compared with it.

    Attributes:
        name: what is measured.
        plain: the base variant.
        again: the base variant once more, made independently: the A/A row.
        others: what is compared, by name.
        contexts: the ``with`` blocks of those that need one.
    """

    name: str
    plain: Work
    again: Work
    others: Mapping[str, Work]
    contexts: Contexts = field(default_factory=dict)


def measure(rows: Sequence[Row], *, rounds: int, seconds: float = 0.02, warmup: int = 2) -> None:
    """Times each row and prints one line for it: median time, the A/A ratio, and the ratio of every other variant."""
    names = list(dict.fromkeys(name for row in rows for name in row.others))
    width = max(len(row.name) for row in rows)
    print(f"{'':{width}}  {'plain':>9}  {'A/A':^19}  " + "  ".join(f"{f'{name}/plain':^19}" for name in names))
    for row in rows:
        times = interleave(
            {"plain": row.plain, "again": row.again, **row.others},
            rounds=rounds,
            seconds=seconds,
            warmup=warmup,
            contexts=row.contexts,
        )
        cells = [ratio_of(times, name) if name in times.rounds else " " * 19 for name in ("again", *names)]
        print(f"{row.name:{width}}  {si(times.median('plain')):>9}  " + "  ".join(cells), flush=True)


def ratio_of(times: Times, name: str, base: str = "plain") -> str:
    """A ratio and its interval in 19 columns."""
    low, high = times.interval(name, base)
    return f"{times.ratio(name, base):.3f} [{low:.3f}, {high:.3f}]"[:19].ljust(19)


def si(seconds: float) -> str:
    """Seconds with a fitting unit."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def rounds_from_command_line(description: str | None, default: int) -> int:
    """Reads ``--rounds``, the one option that every benchmark has."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=default, help=f"rounds of every measurement (default {default})")
    return parser.parse_args().rounds
