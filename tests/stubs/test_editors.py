"""What type checkers, and so editors, tell a user: 11 of a dozen slips, and nothing of a right program.

A text that is not among the valid ones (``padding="sme"``) is the twelfth: a ``Literal`` would refuse the right
``def block(x, padding="same")``, whose ``padding`` is a ``str``. Keras itself refuses it as the layer is made.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SLIPS = (HERE / "slips.py").read_text().splitlines()
MARKED = {number for number, line in enumerate(SLIPS, 1) if "# slip:" in line}
PAGE = re.findall(r"```py\n(.*?)```", (ROOT / "docs/editors.md").read_text(), re.DOTALL)[0]
A_TEXT = {number for number, line in enumerate(SLIPS, 1) if "# slip: a text" in line}


def pyright(folder: Path) -> str:
    config = {"include": ["."], "extraPaths": [str(ROOT)], "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "-p", str(folder), "--pythonpath", sys.executable]
    return subprocess.run(command, capture_output=True, text=True).stdout


def mypy(folder: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--follow-imports=silent", "--cache-dir", str(folder / "cache"), "."]
    surroundings = {**os.environ, "MYPYPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=surroundings).stdout


@pytest.mark.parametrize("checker", [pyright, mypy])
def test_slips_are_found_and_nothing_else(checker: Callable[[Path], str], tmp_path: Path) -> None:
    for name in ("slips.py", "right.py"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "page.py").write_text(PAGE)
    told = checker(tmp_path)
    found = re.findall(r"(\w+)\.py:(\d+)(?::\d+)?(?: -|:) (?:error|warning)", told)
    assert {int(line) for name, line in found if name == "slips"} == MARKED - A_TEXT, told
    told_of_the_page = {number for number, line in enumerate(PAGE.splitlines(), 1) if "  # " in line}
    assert {int(line) for name, line in found if name == "page"} == told_of_the_page, told
    assert [line for name, line in found if name == "right"] == [], told
    assert (len(MARKED), len(A_TEXT)) == (12, 1)
