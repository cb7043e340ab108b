"""The commands ``typedlayers fix`` and ``typedlayers check --fix``: a program in, a diff and an exit status out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from typedlayers.cli.check import NotFound, Reference
from typedlayers.cli.fix import Mender, project_of
from typedlayers.cli.narration import Narrator, asked, closing, put_down, report, say
from typedlayers.cli.outcome import Ended, in_order
from typedlayers.cli.output import complain
from typedlayers.cli.program import Cells, NoProgram
from typedlayers.cli.rehearsal import CheckRun, Rehearse, Run, ScriptRun, in_process_of_its_own

STATUS: Final = {Ended.CLEAN: 0, Ended.LEFT: 1, Ended.NOT_RUN: 2}
COULD_NOT_RUN: Final = STATUS[Ended.NOT_RUN]


def fix_program(
    run: Run,
    folder: str,
    *,
    write: bool = False,
    interactive: bool = False,
    doubts: bool = False,
    seconds: float = 300.0,
    rehearse: Rehearse = in_process_of_its_own,
) -> int:
    """Fixes a program and returns the exit status: 0 clean, 1 findings left, 2 it could not be run or written.

    Args:
        run: the program.
        folder: its folder, from which its project is found.
        write: True to write the files, not only to print the diff.
        interactive: True to ask for each finding.
        doubts: True to fix what is only suspected, too.
        seconds: the time that one run may take.
        rehearse: runs the program with other sources.
    """
    choose, narrator = asked if interactive else in_order, Narrator()
    try:
        sources = _sources(run)
    except NoProgram as error:
        complain(f"fix: {error}")
        return COULD_NOT_RUN
    mender = Mender(run, project_of(folder), rehearse, choose, narrator, seconds, with_doubts=doubts, sources=sources)
    narrator.line_of = mender.line_of
    mended = mender.mended()
    report(mended, Path.cwd(), mender.line_of)
    is_written = write and put_down(mended)
    say(closing(mended, written=is_written))
    return STATUS[mended.ended] if is_written or not write else COULD_NOT_RUN


def _sources(run: Run) -> dict[str, bytes]:
    """The program of a notebook, which its file holds in another form."""
    program = run.program if isinstance(run, ScriptRun) else None
    return {program.file: program.source()} if isinstance(program, Cells) else {}


def fix_model(
    model: str,
    data: str | None,
    allowed: frozenset[str],
    *,
    write: bool = False,
    interactive: bool = False,
    doubts: bool = False,
    seconds: float = 300.0,
    rehearse: Rehearse = in_process_of_its_own,
) -> int:
    """Fixes the source of a model, as `fix_program` does; MODULE:MODEL and MODULE:DATASET are as for ``check``."""
    try:
        of_data = None if data is None else Reference.parsed(data, "MODULE:DATASET")
        run = CheckRun(Reference.parsed(model, "MODULE:MODEL"), of_data, allowed)
    except NotFound as error:
        complain(f"check: {error}")
        return COULD_NOT_RUN
    return fix_program(
        run,
        str(Path.cwd()),
        write=write,
        interactive=interactive,
        doubts=doubts,
        seconds=seconds,
        rehearse=rehearse,
    )
