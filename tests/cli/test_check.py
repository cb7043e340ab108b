"""``typedlayers check``: what is imported, what is found, how it is printed, and the exit status."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

import typedlayers
from tests.cli.test_run import start
from tests.diagnostics.test_formats import SARIF, Page, replaced
from tests.diagnostics.test_render import SCHEMA
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import state_of
from typedlayers.cli.app import app
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.modes import current
from typedlayers.rules.engine import Unchecked
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.report import Report
from typedlayers.verdict.source import user_frame

MODULE = """
    import keras, numpy as np

    print("imported")
    model = keras.Sequential([
        keras.Input((28, 28), name="image"),
        keras.layers.Dense(10, name="out"),
    ], name="net")
    data = (np.zeros((8, 28, 28)), np.zeros((8,)))
    number = 3

    class Nets:
        small = model

    def build():
        print("built")
        return model

    def build_wide(width, depth, scale=1):
        return model

    def batches():
        yield data

    def breaks():
        raise KeyError("of the user's")

    class Net(keras.Model):
        def __init__(self):
            super().__init__(name="own")
"""


class Engine:
    """A stand-in: one error for each model without data, named at the line of its last layer; none with data.

    Attributes:
        calls: what it was asked about.
        unchecked: what its reports say was not checked.
    """

    calls: list[tuple[Any, Any, Any]]
    unchecked: tuple[Unchecked, ...] = ()

    def __init__(self) -> None:
        self.calls = []
        self.line: Any = "not asked for"

    def audited(self, model: Any, data: Any, targets: Any) -> Report:
        self.calls.append((model, data, targets))
        state = state_of(model.layers[-1]) if model.layers else None
        where = state.location("Dense") if state is not None else Location()
        error = Diagnostic("TL201", "too few axes", where)
        wrong = data is None and current().name != "off" and not is_allowed(error)
        self.line = user_frame(sys._getframe(1))
        return Report((error,) if wrong else (), (), (), label_of(model), self.unchecked)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    found = Engine()
    stand_in = ModuleType("typedlayers.models._audit")
    vars(stand_in)["audited"] = found.audited
    monkeypatch.setitem(sys.modules, stand_in.__name__, stand_in)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "train.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield tmp_path
    typedlayers.uninstall()
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if file is not None and Path(file).is_relative_to(tmp_path):
            del sys.modules[name]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["check", *arguments])


# ------------------------------------------------------------------------------------------ what is found
MODELS = ["train:model", "train:build", "train:Nets.small"]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_found_and_reported_on(model: str, engine: Engine) -> None:
    result = run(model)
    assert result.exit_code == 1
    line = next(n for n, text in enumerate(MODULE.splitlines(), 1) if 'name="out"' in text)
    assert result.stdout.startswith(f"error[TL201] too few axes\n  where  train.py:{line}")
    assert result.stdout.splitlines()[-1] == 'Sequential "net": 1 error'
    ((checked, data, targets),) = engine.calls
    assert (checked.name, data, targets) == ("net", None, None)
    assert engine.line is None  # the command's own frames are no lines of the user's


def test_a_class_without_arguments_makes_a_model(engine: Engine) -> None:
    assert run("train:Net").stdout.splitlines()[-1] == 'Net "own": 1 error'
    assert len(engine.calls) == 1


@pytest.mark.parametrize("data", ["train:data", "train:batches"])
def test_data_are_found_and_handed_on(data: str, engine: Engine) -> None:
    result = run("train:model", "--data", data)
    assert (result.exit_code, result.stdout) == (0, 'Sequential "net": nothing to report\n')
    ((_, given, _),) = engine.calls
    batch = given if isinstance(given, tuple) else next(given)
    assert batch[0].shape == (8, 28, 28)


def test_what_the_user_s_code_prints_is_no_part_of_the_report(engine: Engine) -> None:
    result = run("train:build", "--format", "json")
    assert "imported" not in result.stdout
    assert "imported\nbuilt\n" in result.stderr
    assert json.loads(result.stdout)["subject"] == 'Sequential "net"'


# ------------------------------------------------------------------------------------------------ formats
def test_every_format(engine: Engine) -> None:
    found = {form: run("train:model", "--format", form) for form in ("text", "json", "sarif", "github", "html")}
    assert {result.exit_code for result in found.values()} == {1}
    assert found["text"].stdout == run("train:model").stdout
    jsonschema.validate(json.loads(found["json"].stdout), SCHEMA)
    jsonschema.validate(json.loads(found["sarif"].stdout), SARIF)
    assert found["github"].stdout.startswith("::error file=train.py,line=")
    assert "too few axes" in Page(found["html"].stdout).told


NETS = """
    import keras

    def build():
        return keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(4, 3),
            keras.layers.Dense(10, name="out"),
            keras.layers.LSTM(3),
        ])
"""


def test_sarif_holds_fixes_as_changes_of_the_file_and_links_to_the_site(folder: Path) -> None:
    source = textwrap.dedent(NETS)
    (folder / "nets.py").write_text(source)
    (folder / "pyproject.toml").write_text('[tool.typedlayers]\ndocs-url = "https://docs.example.org/tl"\n')
    done = run("nets:build", "--format", "sarif")
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    jsonschema.validate(data, SARIF)
    (found,) = data["runs"]
    assert found["tool"]["driver"]["rules"][0]["helpUri"].startswith("https://docs.example.org/tl/codes/TL")
    fixes = [fix for result in found["results"] for fix in result.get("fixes", ())]
    assert fixes
    for fix in fixes:
        (file,) = fix["artifactChanges"]
        assert file["artifactLocation"]["uri"] == "nets.py"
        changed = replaced(source, file["replacements"])
        compile(changed, "nets.py", "exec")
        assert changed != source
    (folder / "nets.py").write_text(replaced(source, fixes[0]["artifactChanges"][0]["replacements"]))
    del sys.modules["nets"]
    again = json.loads(run("nets:build", "--format", "sarif").stdout)["runs"][0]
    assert [one["message"] for one in again["results"]] != [one["message"] for one in found["results"]]


# ---------------------------------------------------------------------------------------------- not checked
UNCHECKED = Unchecked("targets and loss", ("TL602", "TL604"), "no targets were given", "give targets")
TOLD = "targets and loss (2 rules): no targets were given; give targets"


@pytest.mark.parametrize(("flags", "status"), [((), 0), (("--require-all",), 1)], ids=["told", "required"])
def test_what_was_not_checked_is_told(flags: tuple[str, ...], status: int, engine: Engine) -> None:
    engine.unchecked = (UNCHECKED,)
    result = run("train:model", "--data", "train:data", *flags)
    assert result.exit_code == status
    assert result.stdout == f'not checked\n  {TOLD}\n\nSequential "net": nothing to report\n'


def test_all_is_required_and_was_checked(engine: Engine) -> None:
    assert run("train:model", "--data", "train:data", "--require-all").exit_code == 0


# -------------------------------------------------------------------------------------------------- allow
def test_a_rule_is_silenced(engine: Engine) -> None:
    result = run("train:model", "--allow", "rank-mismatch")
    assert (result.exit_code, result.stdout) == (0, 'Sequential "net": nothing to report\n')
    assert "TL106" not in result.stderr


def test_a_rule_that_silenced_nothing_is_said(engine: Engine) -> None:
    result = run("train:model", "--allow", "raw-bytes")
    assert result.exit_code == 1
    assert "warning[TL106] --allow raw-bytes silenced nothing" in result.stderr


# ---------------------------------------------------------------------------------------- what cannot run
COULD_NOT = {
    "no colon": (["train"], "'train' is not of the form MODULE:MODEL, such as train:model"),
    "no name": (["train:"], "'train:' is not of the form MODULE:MODEL, such as train:model"),
    "no colon in data": (
        ["train:model", "--data", "data"],
        "'data' is not of the form MODULE:DATASET, such as train:dataset",
    ),
    "no module": (["nope:model"], "there is no module 'nope' in '{cwd}' or among the installed packages"),
    "no module in a package": (
        ["train.nope:model"],
        "there is no module 'train.nope' in '{cwd}' or among the installed packages",
    ),
    "no attribute": (
        ["train:modle"],
        "train:modle: there is no 'modle'; there are Net, Nets, batches, breaks, build, build_wide, data, keras, "
        "model, np, number",
    ),
    "no attribute of an attribute": (["train:Nets.big"], "train:Nets.big: there is no 'big'; there are small"),
    "no model": (
        ["train:number"],
        "train:number: check needs a Keras model, whose layers it can follow; given was the int 3",
    ),
    "no model made": (
        ["train:batches"],
        "train:batches: check needs a Keras model, whose layers it can follow; given was the generator ",
    ),
    "arguments needed": (
        ["train:build_wide"],
        "train:build_wide takes width, depth; only what takes no arguments can be called",
    ),
    "it fails": (["train:breaks"], 'calling train:breaks failed: KeyError: "of the user\'s"'),
    "no rule": (
        ["train:model", "--allow", "qqqq"],
        "--allow: there is no code or rule 'qqqq'. `typedlayers rules` lists them all",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), COULD_NOT.values(), ids=list(COULD_NOT))
def test_what_cannot_run(arguments: list[str], said: str, folder: Path, engine: Engine) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"typedlayers check: {said.format(cwd=folder)}" in result.stderr
    assert not engine.calls


IMPORTS = {
    "an error": ("def f():\n    1 / 0\nf()", "ZeroDivisionError: division by zero"),
    "a syntax error": ("x = (", "SyntaxError: '(' was never closed"),
    "a missing module": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "an exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
}


@pytest.mark.parametrize(("source", "shown"), IMPORTS.values(), ids=list(IMPORTS))
def test_an_import_that_fails_shows_its_own_traceback(source: str, shown: str, folder: Path, engine: Engine) -> None:
    (folder / "wrong.py").write_text(source)
    result = run("wrong:model")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"typedlayers check: importing 'wrong' failed: {shown}" in result.stderr
    assert "typedlayers/" not in result.stderr.replace(str(folder), "")
    assert "importlib" not in result.stderr
    if "exit" not in source:
        assert f'File "{folder / "wrong.py"}", line ' in result.stderr


def test_contracts_broken_on_the_way_are_a_report(folder: Path, engine: Engine) -> None:
    source = """
        import typedlayers as tl
        net = tl.Sequential([tl.Input((28, 28)), tl.layers.Conv2D(8, 3, name="conv")], mode="strict")
        """
    (folder / "typed.py").write_text(textwrap.dedent(source))
    result = run("typed:net", "--format", "json")
    assert result.exit_code == 1
    (diagnostic,) = json.loads(result.stdout)["diagnostics"]
    assert (diagnostic["code"], diagnostic["where"]["line"]) == ("TL201", 3)
    assert not engine.calls


def test_a_model_that_keras_refuses_to_make_is_a_report(folder: Path, engine: Engine) -> None:
    source = """
        import keras
        def build():
            return keras.Sequential([keras.Input((28, 28)), keras.layers.Conv2D(8, 3, name="conv")])
        """
    (folder / "refused.py").write_text(textwrap.dedent(source))
    result = run("refused:build")
    assert result.exit_code == 1
    assert result.stdout.startswith('error[TL201] Conv2D "conv" needs 4 dimensions but gets 3')
    assert not engine.calls


# ----------------------------------------------------------------------------------------- as a user does
def test_in_a_process_of_its_own(folder: Path) -> None:
    done = start("-m", "typedlayers", "check", "train:number", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "imported\n"
        "typedlayers check: train:number: check needs a Keras model, whose layers it can follow; given was the int 3\n"
    )
