"""What `typedlayers fix` says: the diff on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import typer

from typedlayers.cli.outcome import Ended, Mended, Refused, Step
from typedlayers.cli.output import complain
from typedlayers.diagnostics.model import Certainty, Fix
from typedlayers.diagnostics.render.text import line_of
from typedlayers.source.diff import diff_by_cell
from typedlayers.source.project import NotWritten, kept, write
from typedlayers.source.site import Finding, Seen

Namer: TypeAlias = Callable[[str, int | None], str]
"""Names a line of a file as the user would."""


@dataclass(slots=True)
class Narrator:
    """Tells, on standard error, of each run and each fix as they come.

    Attributes:
        runs: the runs so far.
        line_of: names a line of a file.
    """

    runs: int = field(default=0)
    line_of: Namer = line_of

    def __call__(self, event: Seen | Step | Refused) -> None:
        match event:
            case Seen():
                self.runs += 1
                say(f"run {self.runs}: {_summary(event)}")
            case Step(finding, fix):
                others = (one.text for one in finding.diagnostic.fixes if one is not fix)
                say(
                    "\n          ".join(
                        [f"  fixed   {title(finding, self.line_of)}", fix.text, *(f"or {text}" for text in others)]
                    )
                )
            case Refused(finding, fix, why):
                say(f"  not by  {fix.text}\n          ({why})")


def say(text: str) -> None:
    """Prints a line of the story."""
    typer.echo(text, err=True)


def title(finding: Finding, line_of: Namer = line_of) -> str:
    """Returns the first line of a finding and its place."""
    one = finding.diagnostic
    at = "" if one.where.file is None else line_of(one.where.file, one.where.line)
    perhaps = " (perhaps)" if one.certainty is Certainty.PERHAPS else ""
    return f"{one.severity}[{one.code}]{perhaps} {one.headline}" + (f" ({at})" if at else "")


def _summary(seen: Seen) -> str:
    errors, warnings = len(seen.errors), len(seen.warnings)
    said = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}" if errors or warnings else "nothing is said"
    if seen.is_cut:
        return f"{said}; stopped by the clock"
    return said if seen.crash is None else f"{said}; it ends with {seen.crash.text.splitlines()[0]}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


# ---------------------------------------------------------------------------------------------- the end
def report(mended: Mended, folder: Path, line_of: Namer = line_of) -> None:
    """Prints the diff, and what is left with the fixes that a person has to type.

    Args:
        mended: what came of the program.
        folder: the folder that names of files are given from.
        line_of: names a line of a file.
    """
    diff = diff_by_cell(mended.before, mended.after, folder)
    if diff:
        typer.echo(diff, nl=False)
    tried = {(refused.finding.key, refused.fix.text): refused.why for refused in mended.refused}
    for finding in mended.left:
        say(f"left    {title(finding, line_of)}")
        for fix in finding.diagnostic.fixes:
            say(f"        {_advice(fix, tried.get((finding.key, fix.text)))}")
    if mended.crash is not None:
        say(f"the program ends with an exception of its own: {mended.crash.text}")
    if mended.is_cut:
        say("the last run was stopped by the clock (--seconds): it was clean as far as it came")


def _advice(fix: Fix, why: str | None) -> str:
    if why is not None:
        return f"{fix.text}\n          (tried: {why})"
    return fix.text if fix.edits else f"by hand: {fix.text}"


def put_down(mended: Mended) -> bool:
    """Writes the changed files; returns False if one could not be written, with a message."""
    for name, after in sorted(mended.after.items()):
        try:
            copy = kept(Path(name))
            write(Path(name), mended.before[name], after)
        except NotWritten as error:
            complain(f"fix: {error}")
            return False
        say(f"wrote   {name}" + (f" (as it was: {copy.name})" if copy is not None else " (as it was: in git)"))
    return True


def closing(mended: Mended, *, written: bool) -> str:
    """Returns the last line."""
    if mended.ended is Ended.NOT_RUN:
        return "the program could not be run"
    count = f"{len(mended.steps)} fix{'' if len(mended.steps) == 1 else 'es'}"
    left = _count(len(mended.left), "finding") + " left" if mended.left else "nothing left"
    hint = "" if written or not mended.after else "; nothing is written without --write"
    return f"{count}, {left}{hint}"


# --------------------------------------------------------------------------------------- interactively
def asked(finding: Finding, fixes: Sequence[Fix]) -> Sequence[Fix]:
    """Asks which fix of a finding to make; none is an answer.

    Raises:
        KeyboardInterrupt: as the user does.
    """
    say(f"\n{finding.diagnostic}")
    if not fixes:
        return ()
    for number, fix in enumerate(fixes, 1):
        say(f"  {number}  {fix.text}")
    say("  0  leave it")
    while True:
        answer = typer.prompt("which", default="1", err=True)
        with contextlib.suppress(ValueError):
            if 0 <= int(answer) <= len(fixes):
                return fixes[int(answer) - 1 :][:1] if int(answer) else ()
        say(f"a number from 0 to {len(fixes)}")


def is_terminal() -> bool:
    """Returns True if somebody can answer."""
    return sys.stdin.isatty()
