"""The pytest plugin: its modes, its fixture, the report of a failure, and xdist. Each test runs pytest in a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from typedlayers import layers
from typedlayers.testing import assert_breaks, assert_fits

ROOT = Path(__file__).parents[1]

SUITE = """
    import keras
    import numpy as np
    import pytest


    def build():
        return keras.Sequential([keras.Input((28, 28)), keras.layers.Dense(10)])


    def fit(model):
        model.compile("sgd", "mse")
        model.fit(np.ones((4, 28, 28), "float32"), np.ones((4, 10), "float32"), verbose=0)


    def test_broken():
        fit(build())


    def test_hidden():
        try:
            fit(build())
        except ValueError as error:
            raise RuntimeError("training failed") from error


    def test_right():
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(10)])


    def test_fixture(contracts):
        contracts.assert_fits(keras.layers.Dense(3), np.zeros((2, 4), "float32"))
        contracts.assert_breaks(keras.layers.Conv2D(3, 3), np.zeros((2, 4), "float32"), code="TL201")


    def test_assertion(contracts):
        contracts.assert_fits(keras.layers.Conv2D(3, 3), np.zeros((2, 4), "float32"))
"""


def run(folder: Path, *options: str) -> str:
    (folder / "test_suite.py").write_text(textwrap.dedent(SUITE))
    surroundings = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "-p", "typedlayers.pytest_plugin", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=surroundings)
    return done.stdout + done.stderr


def outcomes(told: str) -> dict[str, str]:
    return {
        name: word for word, name in re.findall(r"^(PASSED|FAILED|ERROR) test_suite.py::test_(\w+)", told, re.MULTILINE)
    }


ALL = ("broken", "hidden", "right", "fixture", "assertion")


def test_strict_reports_what_breaks(tmp_path: Path) -> None:
    told = run(tmp_path, "--typedlayers=strict", "-rA")
    found = outcomes(told)
    assert [name for name in ALL if found[name] == "FAILED"] == ["broken", "hidden", "assertion"], told
    assert "typedlayers: strict" in told
    sections = told.split(" typedlayers -")[1:]
    assert len(sections) == 2, told
    assert all("error[TL601]" in one.partition("----")[2][:200] for one in sections)
    assert not re.search(r"typedlayers/(layers|models|verdict|testing)\S*:\d+: ", told)


def test_without_the_option_only_what_asks_is_checked(tmp_path: Path) -> None:
    told = run(tmp_path, "-rA", "-k", "broken or right or fixture")
    assert outcomes(told)["right"] == outcomes(told)["fixture"] == "PASSED", told
    assert "error[TL601]" not in told


def test_each_worker_of_xdist_checks(tmp_path: Path) -> None:
    told = run(tmp_path, "-p", "xdist", "-n", "1", "--typedlayers=strict", "-rA", "-k", "broken or right")
    assert outcomes(told) == {"broken": "FAILED", "right": "PASSED"}, told
    assert "- typedlayers -" in told


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    assert "invalid choice: 'strickt' (choose from" in run(tmp_path, "--typedlayers=strickt")


def test_pytest_finds_the_plugin_once_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"typedlayers": "typedlayers.pytest_plugin"}


def test_the_hook_of_pre_commit_is_our_command() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert "\n  entry: typedlayers check\n" in text
    assert "\n  pass_filenames: false\n" in text
    (shown,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/testing.md").read_text(), re.DOTALL)
    for line in ("- id: typedlayers", 'args: ["package.module:model", "--data", "package.module:dataset"]'):
        assert line in shown
        assert line in text


# ------------------------------------------------------------------------------------------- assertions
ZEROS = np.zeros((2, 4))
FITS: dict[str, tuple[Any, Any]] = {
    "float64 arrays, which Keras converts": (layers.Dense(3), ZEROS),
    "a plain layer": (keras.layers.Dense(3), ZEROS),
    "a nest": (layers.Add(), [ZEROS, ZEROS]),
    "a model": (keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]), ZEROS),
}


@pytest.mark.parametrize("name", FITS)
def test_what_fits(name: str) -> None:
    target, data = FITS[name]
    assert_fits(target, data)
    with pytest.raises(AssertionError, match="TL201 is not reported:\n"):
        assert_breaks(target, data, code="TL201")


BREAKS: dict[str, tuple[Any, Any, str]] = {
    "a layer": (layers.Conv2D(3, 3), ZEROS, "rank-mismatch"),
    "a merge": (layers.Add(), [ZEROS, np.zeros((2, 5))], "TL209"),
    "a model": (keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]), np.zeros((2, 5)), "data-shape"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks(name: str) -> None:
    target, data, code = BREAKS[name]
    assert_breaks(target, data, code=code)
    with pytest.raises(AssertionError, match=r"^error\[TL"):
        assert_fits(target, data)


def test_a_layer_needs_its_argument() -> None:
    with pytest.raises(TypeError, match="a layer is tested on its argument"):
        assert_fits(layers.Dense(3))
