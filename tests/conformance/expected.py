"""The tests of Keras that fail with typed classes, each with the clause of the contracts that it breaks on purpose.

A test that is not listed has to pass. One that is listed and passes makes the run fail too: its row is to be removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ALL: Final = ("off", "lenient", "strict")
BOTH: Final = ("lenient", "strict")
STRICT: Final = ("strict",)
LENIENT: Final = ("lenient",)

WORDS: Final = "the same mistake is refused, with the words of this library; lenient mode adds Keras's"
"""Why a test fails that looks for words of Keras's message."""

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
    "models/functional_test.py::FunctionalTest::test_list_input_with_dict_build": (BOTH, f"TL507: {WORDS}"),
}


def expected_in(mode: str | None) -> frozenset[str]:
    """Returns the tests that are to fail in a mode; of plain Keras, None, none is."""
    return frozenset(test for test, (modes, _) in EXPECTED.items() if mode in modes)
