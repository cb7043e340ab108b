"""The demo: its figures agree with each other, and what it prints is what it found."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

pytest.importorskip("sklearn")

from typedlayers.cli import demo
from typedlayers.cli._demo_outcomes import (
    CORRECTED,
    FOLDER,
    LENIENT,
    PLAIN,
    PROGRAMS,
    STRICT,
    WAYS,
    Outcome,
    Program,
    Way,
    correction,
    loaded,
)
from typedlayers.cli.app import app

Found = Mapping[Program, Mapping[Way, Outcome]]

CODES = {"float64_tensor.py": "TL301", "forgotten_flatten.py": "TL201", "raw_bytes.py": "TL401"}


@pytest.fixture(scope="module")
def shown() -> tuple[Found, str]:
    """One run of the demo with a small budget: what it found and what it printed."""
    printed = io.StringIO()
    found = demo.run(epochs=2, console=Console(file=printed, width=100))
    return found, printed.getvalue()


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda program: program.name)
def outcomes(request: pytest.FixtureRequest, shown: tuple[Found, str]) -> Mapping[Way, Outcome]:
    return shown[0][request.param]


def test_every_program_runs_in_every_way(shown: tuple[Found, str]) -> None:
    assert tuple(shown[0]) == PROGRAMS
    assert all(tuple(outcomes) == WAYS for outcomes in shown[0].values())


def test_every_program_that_is_shown_is_packaged() -> None:
    assert {program.name for program in PROGRAMS} <= {path.name for path in FOLDER.glob("*.py")}


def test_strict_stops_with_one_error_at_the_users_line(shown: tuple[Found, str]) -> None:
    for program, outcomes in shown[0].items():
        strict = outcomes[STRICT]
        ((code, line),) = strict.codes
        assert code == CODES[program.name]
        assert f"where  {program.name}:{line}," in strict.report
        assert strict.figures == {}


def test_plain_keras_has_nothing_to_say_of_its_own(outcomes: Mapping[Way, Outcome]) -> None:
    plain = outcomes[PLAIN]
    assert plain.codes == ()
    assert plain.ledger == ()
    assert plain.warned == ()
    assert plain.figures


def test_lenient_reaches_what_the_correction_reaches(outcomes: Mapping[Way, Outcome]) -> None:
    lenient, corrected = outcomes[LENIENT], outcomes[CORRECTED]
    assert len(lenient.ledger) == 1
    assert lenient.warned == ()
    assert lenient.figures["test accuracy"] == corrected.figures["test accuracy"]
    assert lenient.figures.get("5 images give") == corrected.figures.get("5 images give")


def test_the_correction_passes_strict_mode_unwarned(outcomes: Mapping[Way, Outcome]) -> None:
    corrected = outcomes[CORRECTED]
    assert corrected.codes == ()
    assert corrected.ledger == ()
    assert corrected.warned == ()


def test_the_figure_that_tells_differs(shown: tuple[Found, str]) -> None:
    for program, outcomes in shown[0].items():
        assert outcomes[PLAIN].figures[program.tells] != outcomes[CORRECTED].figures[program.tells]


def test_every_text_is_printed_whole(shown: tuple[Found, str]) -> None:
    found, printed = shown
    lines = {line.strip() for line in printed.splitlines()}
    for program, outcomes in found.items():
        texts = [*outcomes[STRICT].report.splitlines(), *outcomes[LENIENT].ledger, *correction(loaded(program))]
        assert [text for text in texts if text.strip() not in lines] == []
    assert "\x1b" not in printed


def test_every_figure_is_printed(shown: tuple[Found, str]) -> None:
    found, printed = shown
    for outcomes in found.values():
        for outcome in outcomes.values():
            figures = [f if isinstance(f, str) else f"{f:.3g}" for f in outcome.figures.values()]
            assert [figure for figure in figures if figure not in printed] == []


def test_the_last_line_can_be_typed(shown: tuple[Found, str]) -> None:
    last = shown[1].splitlines()[-1]
    command = last.rpartition("`typedlayers ")[2].partition("`")[0]
    assert CliRunner().invoke(app, command.split()).exit_code == 0


def test_examples_are_the_demos_programs() -> None:
    examples = Path(__file__).parents[2] / "examples"
    for program in PROGRAMS:
        assert (examples / program.name).read_text() == (FOLDER / program.name).read_text()


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(typer.Exit) as end:
        demo.run()
    assert end.value.exit_code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert 'pip install "typedlayers[demo]"' in said.err
