"""`typedlayers fix`: which fixes are tried, when it ends, what it writes, and the command itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import typer

import typedlayers
from tests.cli.broken_programs import PROGRAMS, broken
from typedlayers.cli import narration
from typedlayers.cli.check import Reference
from typedlayers.cli.fix import Mender
from typedlayers.cli.fixing import fix_model, fix_program
from typedlayers.cli.outcome import Ended, Mended
from typedlayers.cli.program import Script
from typedlayers.cli.rehearsal import CheckRun, Run, ScriptRun, in_process_of_its_own
from typedlayers.diagnostics.edit import Data
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.source.program import Program
from typedlayers.source.project import NotWritten, Project, kept, write
from typedlayers.source.site import Crash, Finding, Seen, Site, Stop

SOURCE = "model.fit(x, y)\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(SOURCE)


def finding(code: str, *fixes: str, headline: str = "a mistake", text: str = SOURCE) -> Finding:
    """A finding about y of a program with fixes `y = ...`; a text that ends in a dot is advice."""
    made = (Fix(fix, edits=() if fix.endswith(".") else (Data("y", fix),)) for fix in fixes)
    stop = Stop(Site(str(Path("train.py").resolve()), 1, 1, len(text) - 1), text.strip())
    return Finding(Diagnostic(code, headline, Location("train.py", 1, code), fixes=tuple(made)), (stop,))


Choose = Callable[[Finding, Sequence[Fix]], Sequence[Fix]]


def mended(say: Callable[[str], Seen], choose: Choose | None = None) -> Mended:
    """Mends a program that is not run: what it says is a function of its text."""

    def rehearse(run: Run, sources: Mapping[str, bytes], seconds: float) -> Seen:
        return say(next(iter(sources.values()), SOURCE.encode()).decode())

    more = {} if choose is None else {"choose": choose}
    return Mender(ScriptRun(Script("train.py")), Project(Path.cwd()), rehearse, rounds=8, **more).mended()


def text_of(outcome: Mended) -> str:
    return "".join(data.decode() for data in outcome.after.values())


# ------------------------------------------------------------------------------------- the search
def test_the_first_fix_that_helps_is_kept() -> None:
    one = finding("TL606", "broken(", "y - 2", "y - 1", "y - 3")
    outcome = mended(lambda text: Seen() if "y - 1" in text else Seen((one,)))
    assert (outcome.ended, text_of(outcome)) == (Ended.CLEAN, "model.fit(x, y - 1)\n")
    assert [refused.fix.text for refused in outcome.refused] == ["broken(", "y - 2"]


@pytest.mark.parametrize(
    "after",
    [
        Seen(crash=Crash("ValueError: in Keras", is_in_keras=True)),
        Seen(crash=Crash("TypeError: at the line", is_in_keras=False, stops=())),
        Seen((finding("TL606", headline="it needs (batch, 3) but gets 4 of (n, 5)"),)),
    ],
)
def test_a_fix_that_breaks_the_program_is_not_kept(after: Seen) -> None:
    one = finding("TL606", "y - 1", headline="it needs (batch,) but gets -1.5 of (n, 5, 6)")
    outcome = mended(lambda text: Seen((one,)) if text == SOURCE else after)
    assert (outcome.ended, outcome.after, outcome.left) == (Ended.LEFT, {}, (one,))
    assert len(outcome.refused) == 1


def test_an_exception_behind_the_mistake_is_the_program_s_own() -> None:
    later = Crash("KeyError: 'a'", False, (Stop(Site("train.py", 9), "history['a']"),))
    outcome = mended(lambda text: Seen((finding("TL606", "y - 1"),)) if text == SOURCE else Seen(crash=later))
    assert (outcome.ended, text_of(outcome), outcome.crash) == (Ended.LEFT, "model.fit(x, y - 1)\n", later)


def test_behind_a_mistake_there_may_be_another_one() -> None:
    first, second = SOURCE, "model.fit(x, y - 1)\n"
    said = {first: Seen((finding("TL606", "y - 1"),)), second: Seen((finding("TL505", "y[:3]", text=second),))}
    outcome = mended(lambda text: said.get(text, Seen()))
    assert (outcome.ended, text_of(outcome)) == (Ended.CLEAN, "model.fit(x, (y - 1)[:3])\n")
    assert [step.finding.diagnostic.code for step in outcome.steps] == ["TL606", "TL505"]


def test_two_fixes_that_undo_each_other_come_to_an_end() -> None:
    outcome = mended(lambda text: Seen((finding("TL606", "x"),) if "y" in text else (finding("TL505", "y"),)))
    assert outcome.ended is Ended.LEFT


def test_the_number_of_runs_is_bounded() -> None:
    runs = []

    def say(text: str) -> Seen:
        runs.append(text)
        return Seen((finding(f"TL{100 + len(runs)}", "y + 1", text=text),))

    assert mended(say).ended is Ended.LEFT
    assert len(runs) == 8


def test_a_program_that_fails_by_itself_is_not_mended() -> None:
    crash = Crash("ModuleNotFoundError: No module named 'yy'", is_in_keras=False)
    outcome = mended(lambda _: Seen(crash=crash))
    assert (outcome.ended, outcome.crash) == (Ended.NOT_RUN, crash)


def test_what_is_chosen_is_tried_and_nothing_else() -> None:
    one = finding("TL606", "y - 1", "y - 2")
    assert text_of(mended(lambda text: Seen((one,)) if text == SOURCE else Seen(), lambda _, fixes: fixes[1:])) == (
        "model.fit(x, y - 2)\n"
    )
    assert mended(lambda _: Seen((one,)), lambda _, fixes: ()).after == {}


def test_a_choice_is_asked_for_until_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one = finding("TL606", "y - 1", "y - 2")
    answers = iter(["a", "7", "2", "0"])
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(answers))
    fixes = one.diagnostic.fixes
    assert narration.asked(one, fixes) == fixes[1:]
    assert narration.asked(one, fixes) == ()
    assert narration.asked(finding("TL606", "by hand."), ()) == ()


# ---------------------------------------------------------------------------------------- the report
def test_what_a_person_has_to_do_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    one = finding("TL606", "y - 1", "count the classes.")
    status = fix_program(ScriptRun(Script("train.py")), ".", rehearse=lambda *_: Seen((one,)))
    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert "by hand: count the classes." in said.err
    assert "(tried: then it is said: a mistake)" in said.err
    assert said.err.endswith("0 fixes, 1 finding left\n")


def test_a_run_that_the_clock_stopped_is_clean_as_far_as_it_came(capsys: pytest.CaptureFixture[str]) -> None:
    assert fix_program(ScriptRun(Script("train.py")), ".", rehearse=lambda *_: Seen(is_cut=True)) == 0
    assert "stopped by the clock" in capsys.readouterr().err


# --------------------------------------------------------------------------------------- the project
def test_what_is_the_project_s(tmp_path: Path) -> None:
    (tmp_path / "p/inner/deep").mkdir(parents=True)
    (tmp_path / "p/pyproject.toml").touch()
    project = Project.around(tmp_path / "p/inner")
    assert project.root == (tmp_path / "p").resolve()
    for name in ("a.py", "inner/deep/b.py"):
        assert project.owns(tmp_path / "p" / name), name
    (tmp_path / "p/env/lib/site-packages").mkdir(parents=True)
    (tmp_path / "p/venv").mkdir()
    (tmp_path / "p/venv/pyvenv.cfg").touch()
    (tmp_path / "p/link.py").symlink_to(tmp_path / "other.py")
    for name in ("../other.py", "env/lib/site-packages/a.py", "venv/a.py", ".git/a.py", "link.py"):
        assert not project.owns(tmp_path / "p" / name), name


def git(*command: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *command], check=True, capture_output=True)


def test_the_old_text_is_kept_unless_git_has_it() -> None:
    file = Path("train.py")
    assert kept(file) == Path("train.py.orig").resolve()
    assert kept(file) == Path("train.py.orig2").resolve()
    assert Path("train.py.orig2").read_text() == SOURCE
    git("init", "-q")
    git("add", "train.py")
    git("commit", "-qm", "a")
    assert kept(file) is None
    file.write_text("more\n")
    assert kept(file) == Path("train.py.orig3").resolve()


def test_a_file_is_written_whole_with_its_mode_or_not_at_all() -> None:
    file = Path("train.py")
    file.chmod(0o750)
    write(file, SOURCE.encode(), b"new\r\n")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new\r\n", 0o750)
    with pytest.raises(NotWritten, match="changed since"):
        write(file, SOURCE.encode(), b"other")
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["train.py"]


# ------------------------------------------------------------------------- in processes of their own
def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(typedlayers.__file__).parents[1]), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(
        [sys.executable, "-m", "typedlayers", *arguments], env=env, capture_output=True, text=True, check=False
    )


def test_the_command_shows_a_diff_that_can_be_applied() -> None:
    source = broken()["listed: no flatten"].replace("rng = ", "import sys; print(sys.argv); rng = ")
    Path("train.py").write_text(source)
    done = command("fix", "train.py", "--epochs", "3")
    assert done.returncode == 0, done.stderr
    assert Path("train.py").read_text() == source
    assert done.stderr.endswith("1 fix, nothing left; nothing is written without --write\n")
    subprocess.run(["git", "apply", "-"], input=done.stdout, text=True, check=True)
    assert "        layers.Flatten(),\n" in Path("train.py").read_text()


def test_the_command_writes_and_heeds_the_settings_of_the_project() -> None:
    source = broken()["listed: raw bytes"].replace("Dense(10,", "Dense(7,")
    Path("train.py").write_text(source)
    Path("pyproject.toml").write_text('[tool.typedlayers]\nignore = ["TL401"]\n')
    done = command("fix", "--write", "train.py")
    assert done.returncode == 0, done.stderr
    assert Path("train.py").read_text() == source.replace("Dense(7,", "Dense(10,")
    assert Path("train.py.orig").read_text() == source


CANNOT_RUN = [
    ("import nothing_of_this_name\n", "nothing_of_this_name"),
    ("import os; os._exit(3)", "ended before"),
]


@pytest.mark.parametrize(("source", "why"), CANNOT_RUN)
def test_a_program_that_cannot_be_run_gives_two(source: str, why: str) -> None:
    Path("train.py").write_text(source)
    done = command("fix", "train.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr


def test_a_run_that_takes_too_long_is_stopped() -> None:
    Path("train.py").write_text("import time\nprint('on', flush=True)\ntime.sleep(60)\n")
    assert in_process_of_its_own(ScriptRun(Script("train.py")), {}, 3).is_cut


def test_a_missing_model_gives_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert fix_model("train", None, frozenset()) == 2
    assert "is not of the form" in capsys.readouterr().err
    seen = CheckRun(Reference("no_such_module", "model")).seen({})
    assert seen.crash is not None
    assert "no_such_module" in seen.crash.text


def test_every_program_of_the_table_can_be_read() -> None:
    assert all(Program(source.encode()).calls for source, *_ in PROGRAMS.values())
