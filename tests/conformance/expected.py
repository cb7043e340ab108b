"""The tests of Keras that fail with typed classes, each with the clause of the contracts that it breaks on purpose.

A test that is not listed has to pass. One that is listed and passes makes the run fail too: its row is to be removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EVERY: Final = ("plain", "off", "lenient", "strict")
ALL: Final = ("off", "lenient", "strict")
BOTH: Final = ("lenient", "strict")
STRICT: Final = ("strict",)
LENIENT: Final = ("lenient",)

WORDS: Final = "refused as Keras refuses it, in other words; lenient mode adds Keras's where a layer is called"
"""Why a test fails that looks for words of Keras's message."""

TORCH: Final = "imports PyTorch, which is not installed for this run"

EXPECTED: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "models/functional_test.py::FunctionalTest::test_serialization": (
        ALL,
        "after tl.register() Keras reads every functional model as a typed one: the test makes Keras's internal class "
        "by hand, and compares what the two classes have",
    ),
    # --------------------------------------------------------------------- programs that the contracts refuse
    "layers/rnn/time_distributed_test.py::TimeDistributedTest::test_with_mask_zero": (
        BOTH,
        "TL513: ids of an Embedding are whole numbers; the test draws fractions",
    ),
    "models/model_test.py::ModelTest::test_functional_dict_outputs_with_single_tensor": (
        BOTH,
        "TL604: a binary cross-entropy of probabilities needs values from 0 to 1; the test gives it a linear output",
    ),
    # ------------------------------------------------------------------------------------ other kinds of error
    "layers/preprocessing/stft_spectrogram_test.py::TestSpectrogram::test_exceptions": (
        BOTH,
        "TL304: strict mode refuses integers with a ContractError, which is not a TypeError; lenient mode casts them",
    ),
    "layers/core/dense_test.py::DenseTest::test_quantize_float8_fitting": (
        LENIENT,
        "what lenient mode exports of a model that was trained on 0..1 takes bytes; floats go to `serve_floats`",
    ),
    "models/model_test.py::ModelTest::test_functional_dict_outputs_dict_losses_invalid_keys": (
        BOTH,
        "TL619: refused with a ContractError, where Keras raises a KeyError",
    ),
    # -------------------------------------------------------------------------------------------- other words
    "models/functional_test.py::FunctionalTest::test_list_input_with_dict_build": (BOTH, f"TL507: {WORDS}"),
    "models/sequential_test.py::SequentialTest::test_bad_layer": (BOTH, f"TL108: {WORDS}"),
    **{
        f"models/model_test.py::ModelTest::test_functional_{name}": (BOTH, f"TL619: {WORDS}")
        for name in (
            "dict_outputs_dict_metrics_invalid_keys",
            "list_outputs_dict_losses_invalid_keys",
            "list_outputs_dict_losses_no_output_names",
            "list_outputs_dict_metrics_invalid_keys",
        )
    },
    "layers/attention/additive_attention_test.py::AdditiveAttentionTest::test_attention_errors": (
        STRICT,
        f"TL107: {WORDS}",
    ),
    "layers/attention/attention_test.py::AttentionTest::test_attention_errors": (STRICT, f"TL107: {WORDS}"),
    "layers/convolutional/depthwise_conv_test.py::DepthwiseConvBasicTest::test_invalid_output_shape_raises": (
        STRICT,
        f"TL205: {WORDS}",
    ),
    "layers/convolutional/separable_conv_test.py::SeparableConvBasicTest::test_invalid_output_shape_raises": (
        STRICT,
        f"TL205: {WORDS}",
    ),
    "layers/core/dense_test.py::DenseTest::test_dense_errors": (STRICT, f"TL203: {WORDS}"),
    "layers/merging/merging_test.py::MergingLayersTest::test_concatenate_errors": (STRICT, f"TL209: {WORDS}"),
    "layers/merging/merging_test.py::MergingLayersTest::test_subtract_layer_inputs_length_errors": (
        STRICT,
        f"TL107: {WORDS}",
    ),
    **{
        f"layers/normalization/group_normalization_test.py::GroupNormalizationTest::{name}": (STRICT, f"TL208: {WORDS}")
        for name in ("test_groups_bigger_than_dim_error", "test_groups_not_a_multiple_of_dim_error")
    },
    "layers/preprocessing/image_preprocessing/random_brightness_test.py::RandomBrightnessTest"
    "::test_randomly_adjust_brightness_input_incorrect_rank": (STRICT, f"TL201: {WORDS}"),
    **{
        f"layers/reshaping/cropping1d_test.py::Cropping1DTest::{name}": (STRICT, f"TL205: {WORDS}")
        for name in (
            "test_cropping_1d_error_on_excessive_cropping",
            "test_cropping_1d_errors_if_cropping_more_than_available",
        )
    },
    **{
        f"layers/rnn/time_distributed_test.py::TimeDistributedTest::test_mask_validation_with_{name}": (
            STRICT,
            f"TL702: {WORDS}",
        )
        for name in (
            "3d_mask",
            "both_batch_and_timesteps_mismatched",
            "mismatched_batch_size",
            "mismatched_timesteps",
        )
    },
    # ----------------------------------------------------------------------- tests that fail in plain Keras too
    "saving/saving_lib_test.py::SavingBattleTest::test_legacy_load_skips_missing_nested_containers": (
        EVERY,
        "reads a file that Keras's wheel does not hold",
    ),
    **{
        f"trainers/trainer_test.py::TestTrainer::test_fit_with_data_adapter_torch_dataloader_{name}": (EVERY, TORCH)
        for name in ("iterable", "iterable_with_len", "tensor")
    },
    **{
        f"trainers/data_adapters/{name}_test.py::import": (EVERY, TORCH)
        for name in (
            "array_data_adapter",
            "generator_data_adapter",
            "grain_dataset_adapter",
            "py_dataset_adapter",
            "tf_dataset_adapter",
            "torch_data_loader_adapter",
        )
    },
}


def expected_in(mode: str | None) -> frozenset[str]:
    """Returns the tests that are to fail in a mode; of plain Keras, None, none is."""
    return frozenset(test for test, (modes, _) in EXPECTED.items() if (mode or "plain") in modes)
