"""TL712: a layer works for one number of samples only."""

from __future__ import annotations

import pytest

from tests.rules.custom.seen import N, a_call, raised, spec
from typedlayers.rules.custom.fixed_batch import RULE

FAILS = raised("cannot reshape 330 numbers into (32, 10)")

WRONG = {
    "the first axis is fixed": (
        a_call(came=spec(N, 10), gives=spec(32, 10), tried={33: FAILS, 32: None}),
        'Mine "mine" works for a batch size of 32 only, but the batch size is left open',
        "Input(..., batch_size=32), if every batch has 32 samples, the last one too",
    ),
    "patches joined to the batch": (
        a_call(came=spec(N, 4, 4), gives=spec(64, 2, 2), tried={65: FAILS, 64: FAILS, 17: FAILS, 16: None}),
        'Mine "mine" works for a batch size of 16 only, but the batch size is left open',
        "Input(..., batch_size=16), if every batch has 16 samples, the last one too",
    ),
    "one of two results": (
        a_call(came=spec(N, 10), gives=[spec(N, 10), spec(8, 10)], tried={9: FAILS, 8: None}),
        'Mine "mine" works for a batch size of 8 only, but the batch size is left open',
        "Input(..., batch_size=8), if every batch has 8 samples, the last one too",
    ),
}

RIGHT = {
    "the batch axis stays open": a_call(came=spec(N, 10), gives=spec(N, 10)),
    "the batch size is declared": a_call(gives=spec(32, 10)),
    "it raised": a_call(came=spec(N, 10), failed=FAILS),
}

LOOKS_WRONG = {
    "a table that has no batch axis: any number of samples runs": a_call(
        came=spec(N, 10), gives=spec(32, 10), tried={33: None, 32: None}
    ),
    "it runs for no number that was tried": a_call(
        came=spec(N, 10), gives=spec(32, 10), tried={33: FAILS, 32: FAILS}
    ),
    "a scalar": a_call(came=spec(N, 10), gives=spec(), tried={2: FAILS, 1: None}),
    "nothing was tried": a_call(came=spec(N, 10), gives=spec(32, 10)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    call, headline, fix = WRONG[name]
    (found,) = RULE.find(call)
    assert found.headline == headline
    assert not found.is_error
    assert fix in [one.text for one in found.fixes]


def test_what_was_tried_is_told() -> None:
    (found,) = RULE.find(WRONG["the first axis is fixed"][0])
    assert found.why.startswith("it gives float32 (32, 10) for any number of samples; for 33 call fails at net.py:7: ")
    assert found.why.endswith("(cannot reshape 330 numbers into (32, 10))")


@pytest.mark.parametrize("name", {**RIGHT, **LOOKS_WRONG})
def test_right(name: str) -> None:
    assert list(RULE.find({**RIGHT, **LOOKS_WRONG}[name])) == []
