"""Every fix that is offered on the corpus, applied to the program: what it is offered for is gone, and it runs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.corpus_case import CASES, Cases, Outcome, Run
from tests.fixes.application import NotApplicable, applied
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Certainty, Diagnostic, Fix

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

BUGS = sorted(name for name, case in CASES.items() if not case.correct)

SECOND_MISTAKES = {
    "data_86_unbatched_sequences_pass_as_batches": "batched, its elements show that nothing flattens the sequences",
}
"""Programs with another mistake behind the one that is said: mended in two steps."""

UNMET = {
    (
        "data_225_validation_dataset_without_the_map",
        "",
    ): "TL401 is about the validation data only: those of the training are divided already",
    (
        "data_319_one_hot_targets_of_labels_from_one",
        "one_hot(",
    ): "the program holds the right line too, and chooses between the two",
    ("shape_313_returned_states_go_into_the_next_layer", "return_state"): "it is an argument of a function",
    ("shape_h24_attention_key_before_value", "exchange"): "the order is chosen by an argument of a function",
    ("shape_232_focal_loss_of_class_ids", "loss="): "the loss is the parameter of a function",
    ("data_315_multi_hot_of_a_batch_of_scalars", "batch the dataset"): "a whole batch became one row of flags",
    ("data_330_double_precision_only_at_the_input", 'dtype="float64"'): "the layer after it computes in float32 too",
    (
        "shape_31_table_rows_into_lstm",
        "if axis 1 is the time axis",
    ): "its columns are features, the data have steps",
}
"""Fixes with a condition that the program does not meet, by a part of their text."""

_OWN_CODE = "the line inside a layer of the user's own is theirs to write"
_UNKNOWN = "what is meant is not in the program"
_NOT_YET = "a fix could be an edit, and is only told"

WITHOUT_EDIT = {
    "data_73_explicit_mask_too_short": "where the mask is made is not seen",
    "data_78_dataset_without_labels": _UNKNOWN,
    "data_h72_mask_of_other_length_than_sequence": _OWN_CODE,
    "shape_322_categorical_loss_on_one_column_in_a_loop": "the loss of a loop is made elsewhere, and handed to it",
    "shape_h08_rescaling_two_scales_on_one_column": "which of the two scales is meant is not in the program",
    "shape_27_unet_any_size_fails_at_predict": "to pad or to resize is a choice",
    "shape_303_convlstm_last_frame_for_a_sequence_of_targets": _NOT_YET,
    "shape_312_cross_attention_gets_decoder_mask": _UNKNOWN,
}
"""Certain mistakes that no edit mends, and why."""

THROUGH_PARAMETERS = {
    "data_206_masks_resized_bilinear",
    "data_318_one_hot_too_small_for_the_ids",
    "data_54_hard_coded_batch_size",
    "data_57_rounds_to_int_between_layers",
    "data_h58_trainable_int_weight",
    "shape_221_mean_iou_of_one_hot",
    "shape_222_mean_iou_with_sparse_loss",
    "shape_236_f1_without_threshold_multi_label",
    "shape_34_bidirectional_unequal_directions",
    "shape_220_mean_iou_of_probabilities",
    "shape_227_categorical_accuracy_of_ids",
    "shape_234_auc_on_logits",
    "shape_235_precision_equals_recall_two_units",
}
"""Programs of which a function of their own chooses the part that an edit changes: it cannot be made in the source."""

ADVICE = re.compile(r"\bif\b|\bperhaps\b|\.\.\.")
"""What tells advice, or a template to be filled in, from a fix."""


def told(cases: Cases, case: str) -> list[Diagnostic]:
    """What a case is told, each mistake once, in order."""
    return found(cases.run(case, "bug", "strict"))


def found(run: Run) -> list[Diagnostic]:
    """What a run said, each mistake once, in order."""
    return list({(one.code, one.headline): one for one in run.diagnostics}.values())


def likeliest(diagnostics: list[Diagnostic]) -> list[tuple[Edit, Diagnostic]]:
    """The edits of the first fix of each."""
    first = ((one, next((fix for fix in one.fixes if fix.edits), Fix(""))) for one in diagnostics)
    return [(edit, one) for one, fix in first for edit in fix.edits]


@pytest.mark.parametrize("case", BUGS)
def test_a_fix_mends_the_program(cases: Cases, case: str, tmp_path: Path) -> None:
    source, said = CASES[case].path.read_text(), told(cases, case)
    for wrong in said:
        others = likeliest([one for one in said if one is not wrong])
        for number, fix in enumerate(wrong.fixes):
            if not fix.edits or any(case == one and condition in fix.text for one, condition in UNMET):
                continue
            edits = [(edit, wrong) for edit in fix.edits] + others
            if case in THROUGH_PARAMETERS:
                with pytest.raises(NotApplicable):
                    applied(source, edits)
                continue
            path = tmp_path / f"{case}_{wrong.code}_{number}.py"
            path.write_text(applied(source, edits))
            got = cases.run_file(path, "bug", "strict")
            if case in SECOND_MISTAKES:
                assert wrong.code not in got.codes
                path.write_text(applied(source, edits + likeliest(found(got))))
                got = cases.run_file(path, "bug", "strict")
            assert got.outcome is Outcome.FINISHED, (fix.text, got.text, path.read_text())
            assert [str(one) for one in found(got)] == [], (fix.text, path.read_text())


@pytest.mark.parametrize("case", BUGS)
def test_what_is_certain_is_offered_an_edit(cases: Cases, case: str) -> None:
    certain = [one for one in told(cases, case) if one.certainty is Certainty.CERTAIN]
    without = [one.code for one in certain if not any(fix.edits for fix in one.fixes)]
    assert bool(without) is (case in WITHOUT_EDIT), without


@pytest.mark.parametrize("case", BUGS)
def test_what_comes_first_without_an_edit_reads_as_advice(cases: Cases, case: str) -> None:
    certain = [one for one in told(cases, case) if one.certainty is Certainty.CERTAIN]
    prose = [one.fixes[0].text for one in certain if one.fixes and not one.fixes[0].edits]
    assert case in WITHOUT_EDIT or all(map(ADVICE.search, prose)), prose


def test_the_tables_name_cases() -> None:
    assert set(SECOND_MISTAKES) | {case for case, _ in UNMET} | set(WITHOUT_EDIT) | THROUGH_PARAMETERS <= set(BUGS)
