"""The example scripts, run as a user runs them: mistaken and corrected, in plain Keras and in every mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.examples.runs import ROOT, Result, in_a_process, in_one_process

pytest.importorskip("sklearn")

RUNS = {
    "plain": ["--library", "keras"],
    "strict": [],
    "lenient": ["--mode", "lenient"],
    "off": ["--mode", "off"],
    "fixed": ["--fixed"],
    "plain, fixed": ["--library", "keras", "--fixed"],
}


@dataclass(frozen=True)
class Example:
    """A script and what is to come of it.

    Attributes:
        script: its file in ``examples/``.
        code: the code of its mistake.
        headline: how strict mode's report begins.
        repair: how the entry in lenient mode's ledger begins.
        plain: figures of plain Keras that show the mistake, the accuracy aside.
    """

    script: str
    code: str
    headline: str
    repair: str
    plain: Mapping[str, str]


EXAMPLES = (
    Example(
        "float64_tensor.py",
        code="TL301",
        headline='input "pixels" of Sequential "sequential" is float32 but gets a float64 tensor',
        repair="cast to float32: float64 (1437, 64) → float32 (1437, 64)",
        plain={"tensor given": "float64", "computed in": "float32"},
    ),
    Example(
        "forgotten_flatten.py",
        code="TL201",
        headline='Classifier "digit" needs 2 dimensions but gets 4',
        repair="flatten: float32 (batch, 8, 8, 1) → float32 (batch, 64)",
        plain={"5 images give": "(5, 8, 8, 10)"},
    ),
    Example(
        "raw_bytes.py",
        code="TL401",
        headline="raw bytes 0..255",
        repair="rescale by 1/255: uint8 (batch, 8, 8, 1) → float32 (batch, 8, 8, 1)",
        plain={},
    ),
)


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.script)
def example(request: pytest.FixtureRequest) -> Example:
    return request.param


@pytest.fixture(scope="module")
def results(example: Example) -> dict[str, Result]:
    """Every run of one script, in one process: TensorFlow starts once."""
    rows = [(f"examples/{example.script}", [*arguments, "--epochs", "4"], "strict") for arguments in RUNS.values()]
    return dict(zip(RUNS, in_one_process(*rows), strict=True))


def test_plain_keras_runs_the_mistake(example: Example, results: dict[str, Result]) -> None:
    plain = results["plain"]
    assert plain.status == 0
    assert {name: plain.figures[name] for name in example.plain} == example.plain
    assert plain.repairs == []


def test_strict_stops_with_the_report(example: Example, results: dict[str, Result]) -> None:
    strict = results["strict"]
    assert strict.status == 1
    assert strict.stdout == ""
    report = strict.stderr[strict.stderr.index("error[") :]
    assert report.startswith(f"error[{example.code}] {example.headline}")
    assert report.count("error[") == 1
    assert f"where  examples/{example.script}:" in report


def test_strict_names_the_line_that_makes_the_layer_or_gives_the_data(
    example: Example, results: dict[str, Result]
) -> None:
    line = int(results["strict"].stderr.partition(f"{example.script}:")[2].partition(",")[0])
    source = (ROOT / "examples" / example.script).read_text("utf-8").splitlines()
    assert any(word in source[line - 1] for word in ("keras.layers.", "Classifier(", ".fit("))


def test_lenient_repairs_and_says_so(example: Example, results: dict[str, Result]) -> None:
    lenient = results["lenient"]
    assert lenient.status == 0
    assert len(lenient.repairs) == 1
    assert lenient.repairs[0].startswith(example.repair)
    assert lenient.repairs[0].endswith(f"[{example.code}]")


def test_lenient_is_as_good_as_the_correction(results: dict[str, Result]) -> None:
    lenient, fixed = results["lenient"], results["fixed"]
    assert lenient.accuracy == pytest.approx(fixed.accuracy, abs=0.01)
    assert fixed.accuracy > 0.5


def test_the_correction_passes_strict_mode(example: Example, results: dict[str, Result]) -> None:
    fixed, plain = results["fixed"], results["plain, fixed"]
    assert fixed.status == plain.status == 0
    assert fixed.repairs == []
    assert fixed.stderr == ""
    assert fixed.stdout == plain.stdout


def test_off_is_plain_keras(results: dict[str, Result]) -> None:
    assert results["off"].stdout == results["plain"].stdout


def test_raw_bytes_train_worse() -> None:
    """With the budget of the script itself, on a seed that the demo does not use."""
    rows = [("examples/raw_bytes.py", [*RUNS[name], "--seed", "1"], "strict") for name in ("plain", "lenient")]
    plain, lenient = in_one_process(*rows)
    assert plain.accuracy < 0.6
    assert lenient.accuracy > 0.9


def test_exit_status_of_a_process() -> None:
    done = in_a_process("examples/forgotten_flatten.py")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "error[TL201]" in done.stderr
    assert "Traceback" not in done.stderr
