"""``[tool.typedlayers]``: what it sets, where it is read, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import typedlayers as tl
from typedlayers import keras, layers
from typedlayers.cli.app import app
from typedlayers.diagnostics.model import Certainty, Diagnostic, Location
from typedlayers.modes import STRICT, current
from typedlayers.verdict import settings
from typedlayers.verdict.gate import judge
from typedlayers.verdict.settings import Settings, SettingsError

DOUBLES = keras.ops.convert_to_tensor(np.ones((2, 4), "float64"))


def written(folder: Path, text: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(text)
    return file


def read(folder: Path, text: str) -> Settings:
    return settings.read(written(folder, f"[tool.typedlayers]\n{text}"))


def refused(folder: Path) -> list[str]:
    """The codes that strict mode raises for a float64 tensor."""
    settings.load(folder)
    try:
        layers.Dense(3)(DOUBLES)
    except tl.ContractError as error:
        return [one.code for one in error.diagnostics]
    return []


SILENCED = {
    "nothing": ("", ["TL301"]),
    "a code": ('ignore = ["TL301"]', []),
    "a rule": ('ignore = ["float64-tensor"]', []),
    "a kind": ('ignore = ["TL3"]', []),
    "another kind": ('ignore = ["TL4"]', ["TL301"]),
    "selected": ('select = ["TL3"]', ["TL301"]),
    "not selected": ('select = ["TL2", "raw-bytes"]', []),
    "this file": ('per-file-ignores = { "test_sett*.py" = ["TL301"] }', []),
    "another file": ('per-file-ignores = { "train.py" = ["TL301"] }', ["TL301"]),
    "a mode": ('mode = "lenient"', []),
    "a warning": ('severity = { float64-tensor = "warning" }', []),
}


@pytest.mark.filterwarnings("ignore::typedlayers.ContractWarning")
@pytest.mark.parametrize("name", SILENCED)
def test_what_is_told(name: str, tmp_path: Path) -> None:
    text, codes = SILENCED[name]
    written(tmp_path, f"[tool.typedlayers]\n{text}")
    assert refused(tmp_path) == codes


def test_a_rule_that_is_rated_a_warning_is_warned_of(tmp_path: Path) -> None:
    settings.use(read(tmp_path, 'severity = { TL301 = "warning" }'))
    with pytest.warns(tl.ContractWarning, match=r"^warning\[TL301\]"):
        layers.Dense(3)(DOUBLES)


def test_a_warning_that_is_rated_an_error_is_raised_where_it_is_certain(tmp_path: Path) -> None:
    certain = Diagnostic("TL206", "nothing flattens the images")
    finding = [certain, certain.with_(certainty=Certainty.PERHAPS)]
    assert len(judge(finding, STRICT).warnings) == 2
    settings.use(read(tmp_path, 'severity = { forgotten-flatten = "error" }'))
    found = judge(finding, STRICT)
    assert (len(found.errors), len(found.warnings)) == (1, 1)
    assert str(found.errors[0]).startswith("error[TL206]")


def test_files_are_named_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    found = read(tmp_path, 'per-file-ignores = { "old/*" = ["TL2"] }')
    folder = tmp_path.resolve()
    told = [Diagnostic("TL201", "", Location(str(folder / name), 1)) for name in ("old/net.py", "new/net.py")]
    assert [found.silences(one) for one in told] == [True, False]


def test_our_own_fault_is_always_told(tmp_path: Path) -> None:
    assert not read(tmp_path, 'select = ["TL2"]').silences(Diagnostic("TL901", "a check failed"))


def test_the_nearest_file_with_our_table_is_read(tmp_path: Path) -> None:
    inner = tmp_path / "package" / "inner"
    inner.mkdir(parents=True)
    written(tmp_path, '[tool.typedlayers]\nmode = "off"\n')
    written(tmp_path / "package", "[tool.ruff]\nline-length = 100\n")
    assert settings.file_for(inner) == tmp_path / "pyproject.toml"
    assert settings.file_for(tmp_path.parent) is None


def test_what_a_program_says_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.use(read(tmp_path, 'mode = "lenient"'))
    assert current().name == "lenient"
    monkeypatch.setenv("TYPEDLAYERS_MODE", "off")
    assert current().name == "off"
    tl.set_mode("strict")
    assert current().name == "strict"


REFUSED = {
    'ignor = ["TL301"]': "no key 'ignor', perhaps ignore; valid are mode, select, ignore, severity, per-file-ignores",
    'mode = "strickt"': "mode: 'strickt' is no mode; valid are 'strict', 'lenient', 'off'",
    'ignore = "TL301"': "ignore: 'TL301' is not a list of codes and rules",
    'ignore = ["TL999"]': "ignore: there is no code or rule 'TL999'. `typedlayers rules TL9` lists those",
    'select = ["rank-mismatches"]': "select: there is no code or rule 'rank-mismatches'; perhaps rank-mismatch",
    'severity = { TL301 = "fatal" }': "severity: 'fatal' is no severity; valid are 'error', 'warning', 'note'",
    'severity = "error"': "severity: 'error' is not a table",
    'per-file-ignores = ["TL3"]': "per-file-ignores: ['TL3'] is not a table",
    'docs-url = "docs"': "docs-url: 'docs' is no address, such as 'https://docs.example.org/typedlayers'",
    "ignore = [": "cannot be read",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_with_what_is_valid(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert str(tmp_path / "pyproject.toml") in str(caught.value)
    assert REFUSED[text] in str(caught.value)


@pytest.mark.parametrize("command", [["check", "no:model"], ["run", "no.py"]])
def test_commands_refuse_settings_that_cannot_be_read(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "[tool.typedlayers]\nmoed = 3\n")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "has no key 'moed', perhaps mode" in done.output


def test_an_import_reads_them(tmp_path: Path) -> None:
    written(tmp_path, '[tool.typedlayers]\nmode = "off"\n')
    code = "from typedlayers import layers; from typedlayers.modes import current; print(current().name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.split() == ["off"]
