"""Whole scripts, each run in a forked child: by Python, or under ``typedlayers run``.

TensorFlow is imported once, not once for each script. Its thread pools do not survive a fork, so the process that
forks has imported and run nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.preloading import preload

SECONDS: Final = 120
"""How long a script may run."""

PLAIN: Final = "plain"
"""The way without contracts: Python runs the script. The others are the names of modes."""

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """What one run of a script did.

    Attributes:
        status: its exit status.
        stdout: what it printed.
        stderr: what was said of it.
        steps: how many updates all its optimizers made, in fit or in a loop of its own; -1 if it was cut off.
    """

    status: int
    stdout: str
    stderr: str
    steps: int


class Forking:
    """A process that forks a child for each script, started with the first.

    Args:
        packages: what it imports beside Keras and TensorFlow; without typedlayers, plain Python never meets it.
    """

    def __init__(self, *packages: str) -> None:
        self._packages = packages
        self._started: subprocess.Popen[str] | None = None

    def run(self, script: Path, way: str) -> Run:
        """Runs a script in a way."""
        self._started = process = self._started or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        print(json.dumps([str(script), way]), file=process.stdin, flush=True)
        answer = process.stdout.readline()
        assert answer.strip(), f"{script}: the runner is gone"
        return Run(**json.loads(answer))

    def close(self) -> None:
        """Ends the process."""
        if self._started is not None:
            self._started.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.program_run", *self._packages],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "TYPEDLAYERS_MODE"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@dataclass(frozen=True)
class Runner:
    """Runs scripts in one way, in children of a process that forks."""

    process: Forking
    way: str

    def run(self, script: Path) -> Run:
        """Runs a script."""
        return self.process.run(script, self.way)


def _serve(packages: Sequence[str]) -> None:
    """Answers each line of the standard input with a line; nothing but answers reaches the standard output."""
    preload(*packages)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        script, way = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, tempfile.TemporaryFile() as note:
            pid = os.fork()
            if pid == 0:
                _child(script, way, out, err, note)
            _, ended = os.waitpid(pid, 0)
            for file in (out, err, note):
                file.seek(0)
            given = {"status": os.waitstatus_to_exitcode(ended), "stdout": out.read(), "stderr": err.read()}
            print(json.dumps(given | {"steps": int(note.read() or -1)}), file=answers, flush=True)


def _child(script: str, way: str, out: IO[str], err: IO[str], note: IO[bytes]) -> None:
    """Runs the script, its output going to the files, notes the steps and ends the process."""
    signal.alarm(SECONDS)
    for stream, file in ((1, out), (2, err)):
        os.dup2(file.fileno(), stream)
    optimizers = _optimizers()
    status = _by_python(script) if way == PLAIN else _with_contracts(script, way)
    with contextlib.suppress(ValueError):  # a script may have closed them
        sys.stdout.flush()
        sys.stderr.flush()
    os.write(note.fileno(), str(sum(_updates(optimizer) for optimizer in optimizers)).encode())
    os._exit(status)


def _by_python(script: str) -> int:
    sys.argv = [script]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else end.code is not None
    except Exception:  # noqa: BLE001 - whatever the script raises, as the interpreter does
        traceback.print_exc()
        return 1
    return 0


def _with_contracts(script: str, mode: str) -> int:
    from typedlayers.cli.run import run_script
    from typedlayers.errors import raise_faults

    raise_faults()
    return run_script(script, [], mode=mode)


def _updates(optimizer: Any) -> int:
    import tensorflow as tf

    return int(tf.convert_to_tensor(optimizer.iterations))  # of replicas too


def _optimizers() -> list[Any]:
    """A list that grows by every optimizer that is made."""
    import keras

    made: list[Any] = []
    initialize = keras.optimizers.Optimizer.__init__

    def remembering(self: Any, *args: Any, **kwargs: Any) -> None:
        initialize(self, *args, **kwargs)
        made.append(self)

    keras.optimizers.Optimizer.__init__ = remembering
    return made


if __name__ == "__main__":
    _serve(sys.argv[1:])
