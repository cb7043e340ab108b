"""Every fix that is offered on the corpus, applied to the program: what it is offered for is gone, and it runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus_case import CASES, Cases, Outcome, Run
from tests.fixes.application import applied
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix, Location

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

BUGS = sorted(name for name, case in CASES.items() if not case.correct)

SECOND_MISTAKES = {
    "data_86_unbatched_sequences_pass_as_batches": "batched, its elements show that nothing flattens the sequences",
}
"""Programs with another mistake behind the one that is said: mended in two steps."""

UNMET = {
    (
        "shape_31_table_rows_into_lstm",
        "if axis 1 is the time axis",
    ): "its columns are features, the data have steps",
}
"""Fixes with a condition that the program does not meet."""

_OWN_CODE = "the line inside a layer of the user's own is theirs to write"
_UNKNOWN = "what is meant is not in the program"

WITHOUT_EDIT = {
    "data_55_output_shape_wrong_at_the_end": _OWN_CODE,
    "data_56_raw_variable_is_not_tracked": _OWN_CODE,
    "data_57_rounds_to_int_between_layers": _OWN_CODE,
    "data_58_shape0_is_none": _OWN_CODE,
    "data_63_float64_constant_in_call": _OWN_CODE,
    "data_73_explicit_mask_too_short": "where the mask is made is not seen",
    "data_78_dataset_without_labels": _UNKNOWN,
    "data_81_from_generator_without_shapes": "the shapes that the generator gives are the user's to know",
    "data_85_sample_counts_differ": _UNKNOWN,
    "data_89_normalization_never_adapted": "which data the statistics are of is the user's to know",
    "shape_04_inputs_and_targets_differ_in_length": _UNKNOWN,
    "shape_27_unet_any_size_fails_at_predict": "to pad or to resize is a choice",
    "shape_32_ocr_reshape_after_changed_pooling": _UNKNOWN,
    "shape_33_reshape_total_size": _UNKNOWN,
    "shape_34_bidirectional_unequal_directions": "which of the two directions is wrong is not in the program",
}
"""Certain mistakes that no edit mends, and why."""

ADVICE = re.compile(r"\bif\b|\bperhaps\b|\.\.\.")
"""What tells advice, or a template to be filled in, from a fix."""


class Told:
    """What each program is told, looked up once."""

    def __init__(self, cases: Cases) -> None:
        self.cases = cases
        self._found: dict[str, list[Diagnostic]] = {}

    def of(self, case: str) -> list[Diagnostic]:
        """What a case is told, each mistake once, in order."""
        if case not in self._found:
            self._found[case] = found(self.cases.run(case, "bug", "strict"))
        return self._found[case]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    running = Cases()
    yield Told(running)
    running.close()


def found(run: Run) -> list[Diagnostic]:
    """What a run said, each mistake once, in order."""
    return list({(one.code, one.headline): one for one in run.diagnostics}.values())


def likeliest(diagnostics: list[Diagnostic]) -> list[tuple[Edit, Location]]:
    """The edits of the first fix of each."""
    first = ((one, next((fix for fix in one.fixes if fix.edits), Fix(""))) for one in diagnostics)
    return [(edit, one.where) for one, fix in first for edit in fix.edits]


@pytest.mark.parametrize("case", BUGS)
def test_a_fix_mends_the_program(told: Told, case: str, tmp_path: Path) -> None:
    source = CASES[case].path.read_text()
    for wrong in told.of(case):
        others = likeliest([one for one in told.of(case) if one is not wrong])
        for number, fix in enumerate(wrong.fixes):
            if not fix.edits or any(case == one and condition in fix.text for one, condition in UNMET):
                continue
            edits = [(edit, wrong.where) for edit in fix.edits] + others
            path = tmp_path / f"{case}_{wrong.code}_{number}.py"
            path.write_text(applied(source, edits))
            got = told.cases.run_file(path, "bug", "strict")
            if case in SECOND_MISTAKES:
                assert wrong.code not in got.codes
                path.write_text(applied(source, edits + likeliest(found(got))))
                got = told.cases.run_file(path, "bug", "strict")
            assert got.outcome is Outcome.FINISHED, (fix.text, got.text, path.read_text())
            assert [str(one) for one in found(got)] == [], (fix.text, path.read_text())


@pytest.mark.parametrize("case", BUGS)
def test_what_is_certain_is_offered_an_edit(told: Told, case: str) -> None:
    certain = [one for one in told.of(case) if one.certainty is Certainty.CERTAIN]
    without = [one.code for one in certain if not any(fix.edits for fix in one.fixes)]
    assert bool(without) is (case in WITHOUT_EDIT), without


@pytest.mark.parametrize("case", BUGS)
def test_advice_without_an_edit_reads_as_advice(told: Told, case: str) -> None:
    certain = [one for one in told.of(case) if one.certainty is Certainty.CERTAIN]
    prose = [fix.text for one in certain for fix in one.fixes if not fix.edits]
    assert case in WITHOUT_EDIT or all(map(ADVICE.search, prose)), prose


def test_the_tables_name_cases() -> None:
    assert set(SECOND_MISTAKES) | {case for case, _ in UNMET} | set(WITHOUT_EDIT) <= set(BUGS)
