"""One run of a user's program under contracts, with sources that are not written yet.

    python -m typedlayers.cli.rehearsal FOLDER

reads the run from FOLDER, a private one of `typedlayers fix`, and leaves there what it told.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from typedlayers.cli.arrival import installed_on_arrival
from typedlayers.cli.check import Reference, report_on
from typedlayers.cli.ending import Ending
from typedlayers.cli.program import Cells, Loaded, Module, Script
from typedlayers.cli.run import Launch, process_kept
from typedlayers.source.overlay import laid_over, show_lines
from typedlayers.source.site import Crash, Finding, Seen
from typedlayers.source.witness import TimeUp, Witness
from typedlayers.verdict import settings
from typedlayers.verdict.allow import Allowance
from typedlayers.verdict.report import Report

_RUN: Final = "run.pickle"
_SEEN: Final = "seen.pickle"
_OUTPUT: Final = "output.txt"
_GRACE: Final = 30.0
"""The seconds between the alarm inside a run and its end from outside."""

LAST_LINES: Final = 20
"""The lines of a program's output that are shown where it cannot be judged."""


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """A script, module or notebook that is run as `typedlayers run` runs it, in strict mode."""

    program: Script | Module | Cells
    args: Sequence[str] = ()
    allowed: frozenset[str] = frozenset()

    def seen(self, sources: Mapping[str, bytes]) -> Seen:
        """Runs it in this process, with other sources, and returns what it told."""
        witness = Witness()
        program = _Overlaid(self.program, sources)
        with laid_over(sources):
            Launch(program, self.args, "strict", self.allowed, witness).visit()  # pyright: ignore
        return witness.seen()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A model that is checked as `typedlayers check` does it."""

    model: Reference
    data: Reference | None = None
    allowed: frozenset[str] = frozenset()

    def seen(self, sources: Mapping[str, bytes]) -> Seen:
        """Checks it in this process, with other sources, and returns what was told."""
        witness = Witness()
        report = Report()
        with (
            process_kept(),
            laid_over(sources),
            Ending() as ending,
            installed_on_arrival(witness.keras_was_imported),
            witness.watching(),
        ):
            report = report_on(self.model, self.data, Allowance(self.allowed))
        errors, warnings = ([Finding(one) for one in found] for found in (report.errors, report.warnings))
        seen = replace(witness.seen(), errors=tuple(errors), warnings=tuple(warnings))
        if ending.error is None:
            return seen
        is_in_keras = seen.crash is not None and seen.crash.is_in_keras
        return replace(seen, crash=Crash(str(ending.error), is_in_keras))


Run: TypeAlias = ScriptRun | CheckRun
Rehearse: TypeAlias = Callable[[Run, Mapping[str, bytes], float], Seen]
"""Runs a program with other sources for at most some seconds."""


@dataclass(frozen=True, slots=True)
class _Overlaid:
    """A program whose own file may have another text."""

    program: Script | Module | Cells
    sources: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.program.folder

    def load(self) -> Loaded:
        loaded = self.program.load()
        file = str(loaded.code.co_filename)
        data = self.sources.get(os.path.realpath(file))
        if data is None:
            return loaded
        show_lines(file, data)  # by the name that Python gives it, links not followed
        return replace(loaded, code=compile(data, file, "exec", dont_inherit=True))


# ------------------------------------------------------------------------------------ in another process
def in_process_of_its_own(run: Run, sources: Mapping[str, bytes], seconds: float) -> Seen:
    """Runs a program in a Python of its own and returns what it told; its input is empty, its output is kept.

    Args:
        run: the program.
        sources: the contents of files that are not written.
        seconds: the time after which it is stopped: what it has told by then counts.
    """
    with tempfile.TemporaryDirectory(prefix="typedlayers_") as name:
        folder = Path(name)
        (folder / _RUN).write_bytes(pickle.dumps((run, dict(sources), seconds)))
        command = [sys.executable, "-m", "typedlayers.cli.rehearsal", str(folder)]
        with (folder / _OUTPUT).open("wb") as output, contextlib.suppress(subprocess.TimeoutExpired):
            limit = seconds + _GRACE
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=limit, check=False)
            return _read(folder)
        return Seen(is_cut=True)


def _read(folder: Path) -> Seen:
    if (folder / _SEEN).is_file():
        return pickle.loads((folder / _SEEN).read_bytes())
    said = (folder / _OUTPUT).read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return Seen(crash=Crash("\n".join(["Python ended before the program did:", *said]), is_in_keras=False))


@contextlib.contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Stops the program from within, so that what it told is kept."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main() -> None:
    """Runs what a folder holds, and leaves what it told there."""
    folder = Path(sys.argv[1])
    settings.load()
    run, sources, seconds = pickle.loads((folder / _RUN).read_bytes())
    with _stopped_after(seconds):
        seen = run.seen(sources)
    part = folder / f"{_SEEN}.part"
    part.write_bytes(pickle.dumps(seen))
    part.replace(folder / _SEEN)


if __name__ == "__main__":
    main()
