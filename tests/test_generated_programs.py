"""Random programs: right ones run untroubled, and what Keras refuses of changed ones is said before any batch."""

from __future__ import annotations

import pytest

from tests.generated_programs import CHANGES, changed, outcome, right

SEEDS = range(16)
"""A sample; ``python -m tests.generated_programs 1000`` runs as many as you like."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_program_is_not_troubled(seed: int) -> None:
    found = outcome(right(seed), typed=True)
    assert (found.said, found.raised) == ((), "")
    assert found.batches


@pytest.mark.parametrize("seed", SEEDS)
def test_what_keras_refuses_is_said_before_a_batch(seed: int) -> None:
    program = changed(seed)
    plain, found = outcome(program, typed=False), outcome(program, typed=True)
    if plain.raised:
        assert found.said, (program, plain)
        assert not found.batches


def test_the_sample_holds_mistakes_of_many_kinds() -> None:
    assert len({changed(seed).note for seed in SEEDS}) >= len(CHANGES) // 2
