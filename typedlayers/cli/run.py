"""``typedlayers run``: an unedited Keras script with contracts on, and for the rest as if Python had run it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typedlayers import modes
from typedlayers.cli.arrival import installed_on_arrival
from typedlayers.cli.ending import Ending
from typedlayers.cli.output import complain
from typedlayers.cli.program import Cells, Module, NoProgram, Script
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.modes import Checking, ModeLike
from typedlayers.verdict import allow as allowances
from typedlayers.verdict.ledger import Entry, on_repair

if TYPE_CHECKING:
    from typedlayers.source.witness import Witness

COULD_NOT_RUN = 2


@dataclass(frozen=True, slots=True)
class Launch:
    """A program that is to be run.

    Attributes:
        program: the program.
        args: its own arguments, untouched.
        mode: the mode of the process; the environment's, or strict, if None.
        allowed: the codes that are silenced.
        witness: notes what the program does, None if nobody asks.
    """

    program: Script | Module | Cells
    args: Sequence[str] = ()
    mode: ModeLike | None = None
    allowed: frozenset[str] = frozenset()
    witness: Witness | None = None

    def take_over(self) -> None:
        """Runs the program in place of the command, until the end of the process.

        Nothing is put back: handlers of ``atexit`` and threads that outlive the script find it as ``__main__``.
        """
        ending = self._run()
        if ending is None:
            sys.exit(COULD_NOT_RUN)
        ending.hand_over()

    def visit(self) -> int:
        """Runs the program inside another one, puts the process back and returns the exit status."""
        with process_kept():
            ending = self._run()
            return COULD_NOT_RUN if ending is None else ending.tell()

    def _run(self) -> Ending | None:
        """Runs the program; returns None, with a message, if there is none."""
        if self.mode is not None:
            modes.set_mode(self.mode)
        allowance = allowances.Allowance(self.allowed)
        ending = Ending()
        watched = contextlib.nullcontext() if self.witness is None else self.witness.watching()
        arrived = () if self.witness is None else (self.witness.keras_was_imported,)
        with repairs_listed(), allowances.everywhere(allowance), installed_on_arrival(*arrived), ending, watched:
            _execute(self.program, self.args)
        if isinstance(ending.error, NoProgram):
            complain(f"run: {ending.error}")
            return None
        if ending.is_success and modes.current().checking is Checking.ON:
            say_unused(allowance)
        return ending


class Handover(BaseException):
    """Leaves the command line for a script, which must not see our frames and handlers."""

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self.launch = launch


def run_script(path: str, args: Sequence[str] = (), mode: ModeLike | None = None) -> int:
    """Runs a script with contracts on, in this process, and puts the process back as it was.

    Args:
        path: the script.
        args: its ``sys.argv[1:]``.
        mode: ``"strict"``, ``"lenient"``, ``"off"`` or a `Mode`; the one in force if None.

    Returns:
        Python's exit status: 0, 1 for an exception or broken contracts, the argument of ``sys.exit``; 2 if the script
        does not exist. Python's own output has been printed.

    Raises:
        ValueError: if the mode does not exist.
    """
    return Launch(Script(path), tuple(args), mode).visit()


def _execute(program: Script | Module | Cells, args: Sequence[str]) -> None:
    if not sys.flags.safe_path:
        sys.path[0] = program.folder
    sys.argv = ["-m", *args]  # as Python sets it while it looks for a module
    loaded = program.load()
    sys.argv[0] = loaded.argv0
    sys.modules["__main__"] = loaded.main
    exec(loaded.code, vars(loaded.main))


@contextlib.contextmanager
def repairs_listed() -> Iterator[None]:
    """Lists the repairs of a run at its end, on standard error, each with how often it was done."""
    done: dict[tuple[object, ...], Entry] = {}

    def note(entry: Entry) -> None:
        done[entry.repair, entry.what, entry.code] = entry

    stop = on_repair(note)
    try:
        yield
    finally:
        stop()
        if done:
            print(f"lenient mode made {len(done)} repair{'' if len(done) == 1 else 's'}:", file=sys.stderr)
        for entry in done.values():
            print(f"  {entry.count} x {entry}", file=sys.stderr)


def say_unused(allowance: allowances.Allowance) -> None:
    """Warns, on standard error, of each ``--allow`` that silenced nothing."""
    unused = sorted(allowance.codes - allowance.used)
    if unused:
        rules = ", ".join(f"--allow {CODES[code].rule}" for code in unused)
        print(Diagnostic("TL106", f"{rules} silenced nothing", Location(what="--allow")), file=sys.stderr)


@contextlib.contextmanager
def process_kept() -> Iterator[None]:
    """Restores the parts of the process that a script, or we for it, change."""
    argv, path, main, hook = sys.argv, sys.path[:], sys.modules["__main__"], sys.excepthook
    sys.path.insert(0, "")  # the entry that becomes the script's folder
    try:
        with modes.kept(), _installation_kept():
            yield
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"], sys.excepthook = argv, path, main, hook


@contextlib.contextmanager
def _installation_kept() -> Iterator[None]:
    """Removes the contracts again if they were not installed before; never loads Keras for it."""

    def installation() -> Any:
        return sys.modules.get("typedlayers.installation")

    before = installation() is not None and installation().is_installed()
    try:
        yield
    finally:
        if not before and installation() is not None:
            installation().uninstall()
