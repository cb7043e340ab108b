"""The bug corpus: real reported mistakes, and correct programs that must not be troubled.

Each case runs in a forked child, so that no state leaks; TensorFlow is imported once, here. The table of
expectations says what is caught today, and whether its message ``lacks`` the offender or the fix: a case that falls
back turns a test red, and so does one that got better without the table being told.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.corpus_case import CASES, Cases, Outcome

EXPECTED: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "corpus_expectations.json").read_text())

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")


def test_the_table_is_complete() -> None:
    assert sorted(EXPECTED) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
def test_strict(cases: Cases, case: str) -> None:
    got = cases.run(case, "bug", "strict")
    if CASES[case].correct:
        assert got.untroubled, got.text
        return
    expected = EXPECTED[case]
    assert got.codes == tuple(expected["strict"]), got.text
    if got.codes:
        assert got.batches == expected.get("batches", 0)  # those of right calls before the wrong one
        lacks = expected.get("lacks", [])
        assert got.names(CASES[case].offender) is ("offender" not in lacks), got.text
        assert got.says(CASES[case].fix_words) is ("fix" not in lacks), got.text


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_the_corrected_program_is_not_troubled(cases: Cases, case: str, mode: str) -> None:
    got = cases.run(case, "fixed", mode)
    assert got.untroubled, got.text


@pytest.mark.parametrize("case", sorted(name for name in CASES if CASES[name].correct))
def test_a_correct_program_is_not_repaired(cases: Cases, case: str) -> None:
    got = cases.run(case, "bug", "lenient")
    assert got.untroubled, got.text
    assert got.repairs == 0


@pytest.mark.parametrize("case", sorted(name for name, row in EXPECTED.items() if row["lenient"] == "repaired"))
def test_lenient_gives_the_corrected_program_s_result(cases: Cases, case: str) -> None:
    got, wanted = cases.run(case, "bug", "lenient"), cases.run(case, "fixed", "lenient")
    assert got.outcome is Outcome.FINISHED, got.text
    assert got.repairs > 0
    assert got.agrees_with(wanted)
