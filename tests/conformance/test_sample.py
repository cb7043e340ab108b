"""A sample of Keras's own tests with the typed classes exchanged; `make conformance` runs all of them."""

from __future__ import annotations

import pytest

from tests.conformance.__main__ import MODES, Outcome, compared, run, source_folder
from tests.conformance.expected import EXPECTED

SAMPLE = (
    "layers/activations/relu_test.py",
    "layers/attention/attention_test.py",
    "layers/core/input_layer_test.py",
    "layers/preprocessing/hashing_test.py",
    "layers/preprocessing/stft_spectrogram_test.py::TestSpectrogram::test_exceptions",
    "layers/regularization/dropout_test.py",
    "layers/reshaping/zero_padding2d_test.py",
    "models/sequential_test.py",
    "saving/serialization_lib_test.py",
    "trainers/compile_utils_test.py",
)
"""Files that take a second together, and a test that is expected to fail."""


@pytest.fixture(scope="module", params=MODES)
def outcome(request: pytest.FixtureRequest) -> tuple[str, Outcome]:
    found = Outcome()
    run([source_folder() / name for name in SAMPLE], request.param, found)
    return request.param, found


def test_exactly_the_expected_tests_fail(outcome: tuple[str, Outcome]) -> None:
    mode, found = outcome
    assert found.broken == []
    assert compared(found, mode) == ([], []), found.errors
    assert found.counts["passed"] > 150
    assert len(found.used) >= 8


def test_every_expected_failure_has_its_reason_and_its_file() -> None:
    for name, (modes, reason) in EXPECTED.items():
        assert set(modes) <= {"plain", *MODES}
        assert len(reason) > 20
        assert (source_folder() / name.partition("::")[0]).is_file()
