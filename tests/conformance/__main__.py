"""Runs Keras's own tests with the typed classes exchanged, and compares the failures with the expected ones.

    python -m tests.conformance                          every mode, all folders: about 40 minutes
    python -m tests.conformance --mode strict layers/core models/model_test.py
    python -m tests.conformance --plain                  without typedlayers, to see what fails by itself

Exit status: 0 if exactly the expected tests fail, 1 if others do or an expected one passes, 2 if a process broke.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tests.conformance.expected import expected_in
from tests.conformance.plugin import RECORDS, TYPED

MODES: Final = ("off", "lenient", "strict")
FOLDERS: Final = ("layers", "models", "saving", "trainers")
NEEDED: Final = ("jax", "grain")
ROOT: Final = Path(__file__).resolve().parents[2]
_MOST: Final = 1800
"""Seconds that one process may take."""


@dataclass
class Outcome:
    """What a run of some files showed.

    Attributes:
        tests: the outcome of each test.
        errors: the first line of each failure.
        used: the test files that saw typed objects.
        broken: what went wrong with the processes themselves.
    """

    tests: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    @property
    def failed(self) -> set[str]:
        """The tests that failed."""
        return {name for name, outcome in self.tests.items() if outcome == "failed"}

    @property
    def counts(self) -> dict[str, int]:
        """The number of tests by outcome."""
        outcomes = list(self.tests.values())
        return {name: outcomes.count(name) for name in ("passed", "failed", "skipped", "xfailed")}

    def take(self, records: Iterable[dict[str, Any]]) -> None:
        """Adds the records of one process."""
        begun, ended = None, False
        for record in records:
            match record.pop("kind"):
                case "start":
                    begun = record["test"]
                case "test":
                    self.tests[record["test"]] = record["outcome"]
                    self.errors[record["test"]] = record.get("error", "")
                case "end":
                    ended = True
                    self.used |= set(record["used"])
        if not ended:
            self.broken.append(f"the process ended in {begun}")


def groups_of(names: Iterable[str]) -> list[list[Path]]:
    """Returns the test files below the given folders, one list for each process."""
    source = source_folder()
    found: dict[Path, list[Path]] = {}
    for name in names:
        path = source / name.partition("::")[0]
        files = sorted(path.rglob("*_test.py")) if path.is_dir() else [source / name]
        for file in files:
            found.setdefault(file.parent, []).append(file)
    return list(found.values())


def source_folder() -> Path:
    """Returns ``keras/src`` of the installed Keras."""
    spec = find_spec("keras")
    if spec is None or spec.origin is None:
        raise SystemExit("Keras is not installed")
    return Path(spec.origin).parent / "src"


def run(files: Iterable[Path], mode: str | None, outcome: Outcome) -> None:
    """Runs test files in a process of their own; a mode of None is plain Keras."""
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder, "records.jsonl")
        settings = Path(folder, "pytest.ini")
        settings.write_text("[pytest]\npython_files = *_test.py\n")
        environment = os.environ | {
            "KERAS_BACKEND": "tensorflow",
            "KERAS_HOME": str(Path(folder, "home")),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "PYTHONPATH": str(ROOT),
            TYPED: "" if mode is None else "yes",
            RECORDS: str(records),
        }
        environment.pop("TYPEDLAYERS_MODE", None)
        if mode is not None:
            environment["TYPEDLAYERS_MODE"] = mode
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conformance.plugin", "-p", "no:cacheprovider"]
        command += ["-c", str(settings), "--rootdir", str(source_folder().parents[1]), "--tb=short", "--no-header"]
        command += ["--continue-on-collection-errors", *map(str, files)]
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_MOST)
            tail = (done.stdout + done.stderr)[-600:]
        except subprocess.TimeoutExpired:
            tail = f"longer than {_MOST} s"
        before = len(outcome.broken)
        outcome.take(map(json.loads, records.read_text().splitlines() if records.exists() else ()))
        if len(outcome.broken) > before:
            outcome.broken[-1] += f"\n{tail}"


def compared(outcome: Outcome, mode: str | None) -> tuple[list[str], list[str]]:
    """Returns the failures that nobody expects, and the expected ones that passed."""
    expected = expected_in(mode)
    news = sorted(name for name in outcome.failed if name not in expected)
    ran = {name for name in expected if name in outcome.tests and outcome.tests[name] != "skipped"}
    return news, sorted(ran - outcome.failed)


def main() -> int:
    """Runs what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=FOLDERS, help="folders, files or tests below keras/src")
    parser.add_argument("--mode", choices=MODES, action="append", help="a mode; all of them without it")
    parser.add_argument("--plain", action="store_true", help="run plain Keras")
    parser.add_argument("--errors", action="store_true", help="print the first line of every failure")
    arguments = parser.parse_args()
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        print(f"Keras's tests import {' and '.join(missing)}: pip install -e '.[test,conformance]'")
        return 2
    modes: list[str | None] = [None] if arguments.plain else list(arguments.mode or MODES)
    return max(_one_mode(mode, arguments.paths, arguments.errors) for mode in modes)


def _one_mode(mode: str | None, paths: Iterable[str], every_error: bool) -> int:
    started, outcome = time.monotonic(), Outcome()
    for files in groups_of(paths):
        run(files, mode, outcome)
        print(f"  {mode or 'plain'}: {files[0].parent.relative_to(source_folder())} {outcome.counts}", flush=True)
    news, stale = compared(outcome, mode)
    for name in sorted(outcome.failed) if every_error else news:
        print(f"  failed: {name}\n    {outcome.errors[name]}")
    for name in stale:
        print(f"  passes, though it is expected to fail: {name}")
    for text in outcome.broken:
        print(f"  broken: {text}")
    typed = sum(name.partition("::")[0] in outcome.used for name in outcome.tests)
    print(f"{mode or 'plain'}: {outcome.counts}, {typed} of them in files that use typed classes, "
          f"{len(news)} not expected, {time.monotonic() - started:.0f} s", flush=True)  # fmt: skip
    return 2 if outcome.broken else int(bool(news or stale))


if __name__ == "__main__":
    sys.exit(main())
