"""``typedlayers verify``: what it prints in each format, and the exit status."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from tests.artefacts import made
from tests.diagnostics.test_render import SCHEMA
from typedlayers.cli.app import app

TWO = """\
{path}: Keras file, Functional "two", Keras {version}
  signature call
    input   ids  int32 (batch, ?)
    input   row  float32 (batch, 8)
    output  score   float32 (batch, 1)
    output  shares  float32 (batch, 8)
  no contract of typedlayers inside

two.keras: nothing to report
"""


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["verify", *arguments])


def test_an_artefact_is_described() -> None:
    import keras

    result = run(made.path("two.keras"))
    assert (result.exit_code, result.stdout) == (0, TWO.format(path=made.path("two.keras"), version=keras.__version__))


def test_what_typedlayers_wrote_is_told() -> None:
    told = run(made.path("trained.keras")).stdout
    assert "    input   image  float32 (batch, 8, 8, 1), trained on 0..1\n" in told
    assert "  contract of typedlayers\n" in told


def test_samples_that_do_not_fit(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((2, 8, 8, 3), "float32"))
    found = {
        form: run(made.path("trained.keras"), "--data", str(tmp_path / "x.npy"), "--format", form)
        for form in ("text", "json", "github")
    }
    assert {result.exit_code for result in found.values()} == {1}
    assert 'error[TL502] input "image" of trained.keras needs 1 along axis 3 but gets 3\n' in found["text"].stdout
    data = json.loads(found["json"].stdout)
    jsonschema.validate(data["report"], SCHEMA)
    assert [one["code"] for one in data["report"]["diagnostics"]] == ["TL502"]
    (image,) = data["artefact"]["signatures"][0]["inputs"]
    assert (image["shape"], image["range"]) == ([None, 8, 8, 1], {"low": 0.0, "high": 1.0, "declared": False})
    assert "::error title=TL502 data-shape::" in found["github"].stdout


@pytest.mark.parametrize(("new", "old", "status"), [("two", "two.keras", 0), ("two", "trained.keras", 1)])
def test_two_artefacts(new: str, old: str, status: int) -> None:
    assert run(made.path(new), "--against", made.path(old)).exit_code == status


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for arguments in (
        ["nothing.keras"],
        [str(tmp_path)],
        [made.path("two.keras"), "--data", "nothing.npy"],
        [made.path("two.keras"), "--against", "nothing.keras"],
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("typedlayers verify: ")


EVIL = "a\x1b[31m\x9b\u202e\n::error::x"


def test_names_out_of_a_file_are_shown_with_escapes(tmp_path: Path) -> None:
    layer = {"class_name": "InputLayer", "config": {"name": EVIL, "batch_shape": [None, 2], "dtype": EVIL}}
    config = {"class_name": EVIL, "config": {"name": EVIL, "layers": [layer], "typedlayers": {"version": EVIL}}}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", json.dumps({"keras_version": EVIL}))
    file = tmp_path / "m.keras"
    file.write_bytes(content.getvalue())
    np.save(tmp_path / "x.npy", np.zeros((2, 3), "float32"))
    for form in ("text", "json", "github"):
        result = run(
            str(file), "--data", str(tmp_path / "x.npy"), "--against", made.path("two.keras"), "--format", form
        )
        assert result.exit_code == 1
        assert {one for one in result.stdout if not one.isprintable()} == {"\n"}
        assert not any(line.startswith("::error::") for line in result.stdout.splitlines())
