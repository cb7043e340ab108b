"""A mistake is said however the program is written, and a correct program stays untroubled in every form.

Some cases in some forms run each time; ``--all-forms`` runs the rest too.
"""

from __future__ import annotations

import os

import pytest

from tests.corpus_case import CASES, PLAIN, Cases, Outcome
from tests.corpus_forms import Form
from tests.test_corpus import EXPECTED

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

FORMS = (Form.UNDECLARED, Form.SUBCLASSED, Form.WRAPPED, Form.STEPWISE, Form.CHECKED)
FURTHER_FORMS = (Form.FUNCTIONAL, Form.LOADED, Form.INSTALLED)

USUAL = (
    "data_88_brightness_default_range_on_unit_images",
    "data_89_normalization_never_adapted",
    "data_h86_float_images_0_255",
    "data_220_mnist_bytes_into_flatten_dense",
    "shape_07_horizon_as_units_of_timedistributed",
    "shape_11_dense_on_1x1_maps_regression",
    "shape_13_bce_labels_minus_one_one",
    "shape_14_ignore_label_minus_one",
    "shape_16_multiclass_ids_with_bce",
    "shape_17_relu_head_negative_targets",
    "shape_18_accuracy_for_regression",
    "shape_21_linear_head_bce",
    "shape_226_f1_of_rank_one_targets",
    "shape_230_rgb_mask_for_one_channel",
    "shape_24_softmax_ten_classes_bce",
    "shape_38_autoencoder_fed_class_labels",
    "shape_39_int_labels_categorical_ce",
    "shape_40_one_unit_two_columns_bce",
    "shape_h17_double_softmax_layer",
    "shape_303_convlstm_last_frame_for_a_sequence_of_targets",
    "ok_07_float_ids_into_embedding",
    "ok_51_backbone_wants_0_255",
    "ok_54_float64_numpy_features",
    "ok_57_integer_table_into_dense",
    "ok_58_lambda_rescaling",
)
"""Cases of every kind that all of the forms change, and that run in a second."""

OF_INPUT = {"TL501", "TL502", "TL506", "TL507", "TL508"}
"""Codes that compare data with an Input, which some forms do not have."""

NO_INPUT = "without an Input, the program is right, or Keras casts nothing: the declaration is the mistake"
OF_A_FILE = "weights and statistics from a file may be meant for just that"
NO_BATCH = "a look at the model draws no batch from a dataset, and takes no validation data or weights beside x and y"
NOT_RUN = "the form runs no earlier fit or predict, which the data contradict"

EXCEPTIONS: dict[tuple[str, Form], str] = {
    ("data_58_shape0_is_none", Form.UNDECLARED): NO_INPUT,
    ("data_58_shape0_is_none", Form.SUBCLASSED): NO_INPUT,
    ("data_68_large_ids_through_float_input", Form.UNDECLARED): NO_INPUT,
    ("data_68_large_ids_through_float_input", Form.SUBCLASSED): NO_INPUT,
    ("shape_31_table_rows_into_lstm", Form.UNDECLARED): NO_INPUT,
    ("shape_31_table_rows_into_lstm", Form.SUBCLASSED): NO_INPUT,
    ("data_70_string_lookup_on_integers", Form.UNDECLARED): "TL514 of the data, in place of TL308 of the layer",
    ("data_90_uint8_tfdata_without_rescaling", Form.SUBCLASSED): "TL304: without an Input no integer is cast",
    ("data_221_images_all_zero", Form.SUBCLASSED): "TL304: without an Input no integer is cast",
    ("data_225_validation_dataset_without_the_map", Form.SUBCLASSED): "TL304: without an Input no integer is cast",
    ("shape_h04_stateful_last_batch_smaller", Form.SUBCLASSED): "TL703: without a batch size no state can be made",
    ("shape_306_own_rnn_stacks_time_first", Form.SUBCLASSED): "the data have as many samples as steps",
    ("data_66_string_class_labels", Form.STEPWISE): "TL515 of the data: no loss is known yet, and Keras draws no batch",
    ("data_h75_batched_twice_lazy_model", Form.STEPWISE): "as a step is traced it is not known what reads its data",
    ("data_56_raw_variable_is_not_tracked", Form.WRAPPED): "Keras itself refuses the layer as it is built",
    ("shape_37_timedistributed_behind_last_state", Form.WRAPPED): "TL201: a layer of the user's hides the last step",
    ("data_95_annotated_wrapped_dense", Form.INSTALLED): "TL206: annotations of plain layers are no contract",
    ("data_220_mnist_bytes_into_flatten_dense", Form.LOADED): OF_A_FILE,
    ("data_89_normalization_never_adapted", Form.LOADED): OF_A_FILE,
    ("data_90_uint8_tfdata_without_rescaling", Form.LOADED): OF_A_FILE,
    ("data_h86_float_images_0_255", Form.LOADED): OF_A_FILE,
    ("shape_337_argmax_at_the_end_of_the_model", Form.LOADED): OF_A_FILE,
    ("data_200_convert_image_dtype_after_resize", Form.LOADED): OF_A_FILE,
    ("data_222_directory_flow_without_rescale", Form.LOADED): OF_A_FILE,
    ("data_202_validation_data_not_rescaled", Form.CHECKED): NO_BATCH,
    ("data_206_masks_resized_bilinear", Form.CHECKED): NO_BATCH,
    ("data_215_weights_per_task_and_sample", Form.CHECKED): NO_BATCH,
    ("shape_336_step_weights_for_a_flat_output", Form.CHECKED): NO_BATCH,
    ("data_90_uint8_tfdata_without_rescaling", Form.CHECKED): NO_BATCH,
    ("data_330_double_precision_only_at_the_input", Form.CHECKED): NO_BATCH,
    ("data_200_convert_image_dtype_after_resize", Form.CHECKED): NO_BATCH,
    ("data_222_directory_flow_without_rescale", Form.CHECKED): NO_BATCH,
    ("data_225_validation_dataset_without_the_map", Form.CHECKED): NO_BATCH,
    ("data_301_window_targets_not_shifted", Form.CHECKED): NO_BATCH,
    ("shape_223_class_weight_for_masks", Form.CHECKED): NO_BATCH,
    ("data_78_dataset_without_labels", Form.CHECKED): "inputs alone are a question that may be asked",
    ("shape_h04_stateful_last_batch_smaller", Form.CHECKED): "the batch size is an argument of fit",
    ("shape_h04_stateful_last_batch_smaller", Form.UNDECLARED): "TL703: without a batch size no state can be made",
    ("shape_306_own_rnn_stacks_time_first", Form.UNDECLARED): "the data have as many samples as steps",
    ("data_201_converted_and_divided", Form.CHECKED): NOT_RUN,
    ("data_53_rgba_after_lazy_build", Form.CHECKED): NOT_RUN,
    ("data_94_trained_minus1_1_served_0_1", Form.CHECKED): NOT_RUN,
    ("shape_09_short_text_at_predict", Form.CHECKED): NOT_RUN,
    ("shape_27_unet_any_size_fails_at_predict", Form.CHECKED): NOT_RUN,
}
"""Mistakes that a form hides, or that are said of something else there, and why."""


def wanted(case: str, form: Form) -> set[str]:
    """Returns the codes of which a form of a case has to meet one; none if the form takes away what they are about."""
    codes = set(EXPECTED[case]["strict"])
    return codes if form.declares_input else codes - OF_INPUT


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives each test its pairs of a case and a form."""
    if "form" not in metafunc.fixturenames:
        return
    every = metafunc.config.getoption("--all-forms")
    names, forms = (sorted(CASES), FORMS + FURTHER_FORMS) if every else (USUAL, FORMS)
    correct = "correct" in metafunc.function.__name__
    pairs = [(name, form) for name in names for form in forms if CASES[name].correct is correct]
    metafunc.parametrize(("case", "form"), [pair for pair in pairs if correct or wanted(*pair)])


def test_a_mistake_is_said(cases: Cases, case: str, form: Form) -> None:
    got = cases.run(case, "bug", "strict", form)
    require_suited(cases, case, form, got.changed)
    assert bool(wanted(case, form) & set(got.codes)) is ((case, form) not in EXCEPTIONS), (got.codes, got.text)


def test_a_correct_program_is_not_troubled(cases: Cases, case: str, form: Form) -> None:
    got = cases.run(case, "bug", "strict", form)
    require_suited(cases, case, form, got.changed)
    assert got.codes == (), got.text
    assert got.outcome is Outcome.FINISHED or form is Form.CHECKED, got.text  # its fit returns nothing to go on with


def test_the_exceptions_are_of_cases() -> None:
    assert {case for case, _ in EXCEPTIONS} | set(USUAL) <= set(CASES)


def require_suited(cases: Cases, case: str, form: Form, changed: int) -> None:
    """Passes over what a form does not change, or what does not run in it under plain Keras either."""
    if case in USUAL and form in FORMS:
        assert changed
        return
    if not changed and form is not Form.INSTALLED:
        pytest.skip("the form changes nothing")
    if cases.run(case, "fixed", PLAIN, form).outcome is not Outcome.FINISHED:
        pytest.skip("plain Keras cannot run the form either")
