"""How the tests run example scripts: several in one process, or one in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


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


def in_one_process(*rows: tuple[str, Sequence[str], str]) -> list[Result]:
    """Runs scripts one after the other, each with its arguments and in a mode: TensorFlow starts once."""
    done = in_a_process("tests/examples/several_runs.py", json.dumps(rows))
    assert done.returncode == 0, done.stderr
    return [Result(**row) for row in json.loads(done.stdout.splitlines()[-1])]
