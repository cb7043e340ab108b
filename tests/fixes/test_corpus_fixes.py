"""Every fix that is offered on the corpus, applied to the program: what it is offered for is gone, and it runs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.corpus_case import CASES, Cases, Outcome, Run
from tests.fixes.application import NotApplicable, applied
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
        "data_225_validation_dataset_without_the_map",
        "",
    ): "TL401 is about the validation data only: those of the training are divided already",
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
_TRAINING = "the data are to be prepared as those of the training were, where the program prepares them"
_NOT_YET = "a fix could be an edit, and is only told"

WITHOUT_EDIT = {
    "data_305_infinite_percent_changes": "where the infinity comes from is for the user to find",
    "data_55_output_shape_wrong_at_the_end": _OWN_CODE,
    "data_56_raw_variable_is_not_tracked": _OWN_CODE,
    "data_57_rounds_to_int_between_layers": _OWN_CODE,
    "data_58_shape0_is_none": _OWN_CODE,
    "data_63_float64_constant_in_call": _OWN_CODE,
    "data_73_explicit_mask_too_short": "where the mask is made is not seen",
    "data_78_dataset_without_labels": _UNKNOWN,
    "data_81_from_generator_without_shapes": "the shapes that the generator gives are the user's to know",
    "data_85_sample_counts_differ": _UNKNOWN,
    "data_202_validation_data_not_rescaled": _TRAINING,
    "data_206_masks_resized_bilinear": "where the masks were resized is not seen",
    "data_215_weights_per_task_and_sample": _UNKNOWN,
    "data_225_validation_dataset_without_the_map": _TRAINING,
    "data_h57_sublayer_made_in_call": _OWN_CODE,
    "data_h58_trainable_int_weight": _OWN_CODE,
    "data_h68_missing_values_become_ids": "which id stands for a missing value is the user's to know",
    "data_89_normalization_never_adapted": "which data the statistics are of is the user's to know",
    "data_h70_text_vectorization_two_columns": _UNKNOWN,
    "data_h72_mask_of_other_length_than_sequence": _OWN_CODE,
    "data_h83_two_inputs_zipped_flat": "which tensor is meant for which input is not in the program",
    "shape_04_inputs_and_targets_differ_in_length": _UNKNOWN,
    "shape_221_mean_iou_of_one_hot": _NOT_YET,
    "shape_223_class_weight_for_masks": _NOT_YET,
    "shape_306_own_rnn_stacks_time_first": _OWN_CODE,
    "shape_h08_rescaling_two_scales_on_one_column": "which of the two scales is meant is not in the program",
    "shape_222_mean_iou_with_sparse_loss": _NOT_YET,
    "shape_27_unet_any_size_fails_at_predict": "to pad or to resize is a choice",
    "shape_303_convlstm_last_frame_for_a_sequence_of_targets": _NOT_YET,
    "shape_312_cross_attention_gets_decoder_mask": _UNKNOWN,
    "shape_313_returned_states_go_into_the_next_layer": _NOT_YET,
    "shape_334_precision_on_class_ids": _NOT_YET,
    "shape_336_step_weights_for_a_flat_output": _UNKNOWN,
    "shape_337_argmax_at_the_end_of_the_model": "what the model is to give without its last op is not in the program",
    "shape_34_bidirectional_unequal_directions": "which of the two directions is wrong is not in the program",
    "shape_h36_decoder_units_half_of_bidirectional_state": _NOT_YET,
}
"""Certain mistakes that no edit mends, and why."""

THROUGH_PARAMETERS = {
    "shape_220_mean_iou_of_probabilities",
    "shape_227_categorical_accuracy_of_ids",
    "shape_234_auc_on_logits",
    "shape_235_precision_equals_recall_two_units",
}
"""Programs whose loss or metric is an argument of a function of their own: an edit of `compile` cannot be made."""

ADVICE = re.compile(r"\bif\b|\bperhaps\b|\.\.\.")
"""What tells advice, or a template to be filled in, from a fix."""


def told(cases: Cases, case: str) -> list[Diagnostic]:
    """What a case is told, each mistake once, in order."""
    return found(cases.run(case, "bug", "strict"))


def found(run: Run) -> list[Diagnostic]:
    """What a run said, each mistake once, in order."""
    return list({(one.code, one.headline): one for one in run.diagnostics}.values())


def likeliest(diagnostics: list[Diagnostic]) -> list[tuple[Edit, Location]]:
    """The edits of the first fix of each."""
    first = ((one, next((fix for fix in one.fixes if fix.edits), Fix(""))) for one in diagnostics)
    return [(edit, one.where) for one, fix in first for edit in fix.edits]


@pytest.mark.parametrize("case", BUGS)
def test_a_fix_mends_the_program(cases: Cases, case: str, tmp_path: Path) -> None:
    source, said = CASES[case].path.read_text(), told(cases, case)
    for wrong in said:
        others = likeliest([one for one in said if one is not wrong])
        for number, fix in enumerate(wrong.fixes):
            if not fix.edits or any(case == one and condition in fix.text for one, condition in UNMET):
                continue
            edits = [(edit, wrong.where) for edit in fix.edits] + others
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
def test_advice_without_an_edit_reads_as_advice(cases: Cases, case: str) -> None:
    certain = [one for one in told(cases, case) if one.certainty is Certainty.CERTAIN]
    prose = [fix.text for one in certain for fix in one.fixes if not fix.edits]
    assert case in WITHOUT_EDIT or all(map(ADVICE.search, prose)), prose


def test_the_tables_name_cases() -> None:
    assert set(SECOND_MISTAKES) | {case for case, _ in UNMET} | set(WITHOUT_EDIT) | THROUGH_PARAMETERS <= set(BUGS)
