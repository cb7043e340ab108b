"""Every fix that is offered on the corpus, applied to the program: what it is offered for is gone, and it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus_case import CASES, Cases, Outcome, Run
from tests.fixes.application import NotApplicable, applied
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Diagnostic, Fix, Location

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

BUGS = sorted(name for name, case in CASES.items() if not case.correct)


@pytest.fixture(scope="module")
def cases() -> Iterator[Cases]:
    running = Cases()
    yield running
    running.close()


def found(run: Run) -> list[Diagnostic]:
    """What a run said, each mistake once, in order."""
    return list({(one.code, one.headline): one for one in run.diagnostics}.values())


def with_fix(found: list[Diagnostic], mended: Diagnostic, fix: Fix) -> list[tuple[Edit, Location]]:
    """The edits of a fix, with those of the likeliest fix of everything else that is wrong."""
    edits = [(edit, mended.where) for edit in fix.edits]
    for other in found:
        if other is not mended:
            likeliest = next((one for one in other.fixes if one.edits), Fix(""))
            edits += [(edit, other.where) for edit in likeliest.edits]
    return edits


@pytest.mark.parametrize("case", BUGS)
def test_a_fix_that_is_offered_mends_the_program(cases: Cases, case: str, tmp_path: Path) -> None:
    told = found(cases.run(case, "bug", "strict"))
    source = CASES[case].path.read_text()
    for diagnostic in told:
        for number, fix in enumerate(diagnostic.fixes):
            if not fix.edits:
                continue
            path = tmp_path / f"{case}_{diagnostic.code}_{number}.py"
            try:
                path.write_text(applied(source, with_fix(told, diagnostic, fix)))
            except NotApplicable as reason:
                print("NOTAPP", case, fix.text, reason)
                continue
            got = cases.run_file(path, "bug", "strict")
            assert got.outcome is Outcome.FINISHED, (fix, got.text, path.read_text())
            assert [str(one) for one in found(got)] == [], (fix.text, path.read_text())
