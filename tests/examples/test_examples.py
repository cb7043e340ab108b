"""The example scripts, run as a user runs them: mistaken and corrected, in plain Keras and in every mode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

ROOT = Path(__file__).parents[2]
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


@dataclass(frozen=True)
class Result:
    """What one run of a script gave."""

    status: int
    stdout: str
    stderr: str

    @property
    def figures(self) -> dict[str, str]:
        """The figures that it printed, by name."""
        lines = [line for line in self.stdout.splitlines() if not line.startswith("repaired: ")]
        return dict(line.split(": ", 1) for line in lines)

    @property
    def repairs(self) -> list[str]:
        """The entries of the ledger that it printed."""
        return [line.removeprefix("repaired: ") for line in self.stdout.splitlines() if line.startswith("repaired: ")]

    @property
    def accuracy(self) -> float:
        """The accuracy on data that it was not trained with."""
        return float(self.figures["test accuracy"])


def in_a_process(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "TYPEDLAYERS_MODE"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.script)
def example(request: pytest.FixtureRequest) -> Example:
    return request.param


@pytest.fixture(scope="module")
def results(example: Example) -> dict[str, Result]:
    """Every run of one script, in one process: TensorFlow starts once."""
    rows = json.dumps([[*arguments, "--epochs", "4"] for arguments in RUNS.values()])
    done = in_a_process("tests/examples/several_runs.py", f"examples/{example.script}", rows)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {name: Result(**row) for name, row in zip(RUNS, found, strict=True)}


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
    rows = json.dumps([[*arguments, "--seed", "1"] for arguments in (RUNS["plain"], RUNS["lenient"])])
    done = in_a_process("tests/examples/several_runs.py", "examples/raw_bytes.py", rows)
    assert done.returncode == 0, done.stderr
    plain, lenient = (Result(**row) for row in json.loads(done.stdout.splitlines()[-1]))
    assert plain.accuracy < 0.6
    assert lenient.accuracy > 0.9


def test_exit_status_of_a_process() -> None:
    done = in_a_process("examples/forgotten_flatten.py")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "error[TL201]" in done.stderr
    assert "Traceback" not in done.stderr
