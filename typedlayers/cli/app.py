"""The commands and their exit status: 0 fine, 1 contract errors, 2 could not run.

Each command imports its own needs when it runs: ``explain`` and ``rules`` answer without Keras or TensorFlow.
"""

from __future__ import annotations

import contextlib
import enum
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from typedlayers.cli.check import NotFound, Reference, ReportFormat, rendered, report_on
from typedlayers.cli.output import Format, VerifyFormat, complain, show
from typedlayers.cli.run import Handover, Launch, say_unused
from typedlayers.diagnostics.render.terminal import for_stream
from typedlayers.modes import NAMED

BROKEN: Final = 1
COULD_NOT_RUN: Final = 2

app: Final = typer.Typer(
    name="typedlayers",
    help="Contracts for Keras layers: run a script with them, check a model, look them up.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Runs the command line; a launched script runs after it, in an unchanged process."""
    launch = None
    try:
        with _own_surroundings():
            app(prog_name="typedlayers")
    except Handover as handover:
        launch = handover.launch
    if launch is not None:
        launch.take_over()


@contextlib.contextmanager
def _own_surroundings() -> Iterator[None]:
    """Makes printing tolerate characters that the encoding lacks, and restores all afterwards."""
    hook = sys.excepthook  # typer sets its own
    streams = [s for s in (sys.stdout, sys.stderr) if isinstance(s, io.TextIOWrapper)]
    before = [stream.errors for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        sys.excepthook = hook
        for stream, errors in zip(streams, before, strict=True):
            stream.reconfigure(errors=errors)


def _print_version(wanted: bool) -> None:
    if wanted:
        from typedlayers import __version__

        typer.echo(f"typedlayers {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Contracts for Keras layers: run a script with them, check a model, look them up."""


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A code (TL201), a rule (rank-mismatch) or a layer (Conv2D).")],
) -> None:
    """Explain a code, a rule or the contract of a layer."""
    from typedlayers.cli.explain import explanation

    try:
        show(explanation(name))
    except LookupError as error:
        complain(f"explain: {error.args[0]}")
        raise typer.Exit(COULD_NOT_RUN) from None


@app.command()
def rules(
    prefix: Annotated[str | None, typer.Argument(metavar="[TLn]", help="Only codes that begin so: TL4.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
) -> None:
    """List every code with its rule, severity and summary."""
    from typedlayers.cli.rules import as_json, as_text

    try:
        typer.echo(as_json(prefix) if form is Format.JSON else as_text(prefix))
    except LookupError as error:
        complain(f"rules: {error.args[0]}")
        raise typer.Exit(COULD_NOT_RUN) from None


@app.command()
def demo() -> None:
    """Run three small programs with plain Keras, in strict and in lenient mode."""
    try:
        from typedlayers.cli.demo import run
    except ImportError as error:
        complain(f"demo: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None
    run()


ModeName = enum.StrEnum("ModeName", list(NAMED))

ModeOption = Annotated[ModeName | None, typer.Option("--mode", help="The mode: strict raises, lenient repairs.")]
AllowOption = Annotated[list[str] | None, typer.Option("--allow", metavar="RULE", help="Rules to silence, one each.")]


@app.command(context_settings={"allow_interspersed_args": False})
def run(
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="The script to run.")],
    args: Annotated[list[str] | None, typer.Argument(metavar="ARGS", help="Its own arguments.")] = None,
    mode: ModeOption = None,
    allow: AllowOption = None,
    by_name: Annotated[bool, typer.Option("-m", help="SCRIPT is the name of a module, as for `python -m`.")] = False,
) -> None:
    """Run an unedited Keras script with contracts on.

    Options go before SCRIPT; everything after it is the script's own.
    """
    from typedlayers.cli.program import Module, Script

    _configure("run")
    program = Module(script) if by_name else Script(script)
    raise Handover(Launch(program, tuple(args or ()), mode and str(mode), _codes("run", allow)))


Seconds = Annotated[float, typer.Option("--seconds", min=1, help="The time that one run may take.")]
Write = Annotated[bool, typer.Option("--write/--diff", help="Write the files, or only show the changes.")]
Interactive = Annotated[bool, typer.Option("--interactive", help="Choose among the fixes of each finding.")]
Doubts = Annotated[bool, typer.Option("--perhaps", help="Fix what is only suspected, too.")]


@app.command(context_settings={"allow_interspersed_args": False})
def fix(
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="The script or notebook to fix.")],
    args: Annotated[list[str] | None, typer.Argument(metavar="ARGS", help="Its own arguments.")] = None,
    allow: AllowOption = None,
    by_name: Annotated[bool, typer.Option("-m", help="SCRIPT is the name of a module, as for `python -m`.")] = False,
    write: Write = False,
    interactive: Interactive = False,
    perhaps: Doubts = False,
    seconds: Seconds = 300.0,
) -> None:
    """Run a script with contracts on, apply the fix of each error to its source, and run it again.

    The diff is printed; only --write writes it. Options go before SCRIPT; everything after it is the script's own.
    """
    from typedlayers.cli.fixing import fix_program
    from typedlayers.cli.program import Cells, Module, Script
    from typedlayers.cli.rehearsal import ScriptRun

    _configure("fix")
    program = Module(script) if by_name else Cells(script) if script.endswith(".ipynb") else Script(script)
    run = ScriptRun(program, tuple(args or ()), _codes("fix", allow))
    status = fix_program(run, program.folder, write=write, interactive=interactive, doubts=perhaps, seconds=seconds)
    raise typer.Exit(status)


@app.command()
def migrate(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A Python file, a notebook, or a folder of them.")],
    undo: Annotated[bool, typer.Option("--undo", help="The way back: Keras's own imports again.")] = False,
    write: Write = False,
) -> None:
    """Exchange the imports of Keras for typed ones, in a file or a whole project, and back.

    The diff is printed; only --write writes it.
    """
    from typedlayers.cli.migrate import Direction, migrated

    raise typer.Exit(migrated(path, Direction.BACK if undo else Direction.TYPED, write=write))


@app.command()
def check(
    model: Annotated[str, typer.Argument(metavar="MODULE:MODEL", help="A model, or a function that returns one.")],
    data: Annotated[str | None, typer.Option("--data", metavar="MODULE:DATASET", help="The data for `fit`.")] = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="How to print the report.")] = ReportFormat.TEXT,
    allow: AllowOption = None,
    require_all: Annotated[
        bool, typer.Option("--require-all", help="Fail too if rules could not be checked for want of facts.")
    ] = False,
    warnings_as_errors: Annotated[bool, typer.Option("--warnings-as-errors", help="Fail on warnings too.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the report to a file, not to the terminal.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Fix what is found, as `typedlayers fix` does.")] = False,
    write: Write = False,
    interactive: Interactive = False,
    perhaps: Doubts = False,
    seconds: Seconds = 300.0,
) -> None:
    """Check a model, its data and its loss, and run no batch.

    MODULE is imported from the working directory, or is installed.
    """
    from typedlayers.verdict.allow import Allowance

    _configure("check")
    if fix:
        from typedlayers.cli.fixing import fix_model

        codes = _codes("check", allow)
        status = fix_model(model, data, codes, write=write, interactive=interactive, doubts=perhaps, seconds=seconds)
        raise typer.Exit(status)
    allowance = Allowance(_codes("check", allow))
    try:
        of_data = None if data is None else Reference.parsed(data, "MODULE:DATASET")
        of_model = Reference.parsed(model, "MODULE:MODEL")
        if form is ReportFormat.SARIF:
            from typedlayers.cli.placed import report_with_changes

            report, changes = report_with_changes(of_model, of_data, allowance)
            told = report.to_sarif(changes)
        else:
            report = report_on(of_model, of_data, allowance)
            told = rendered(report, form)
    except NotFound as error:
        complain(f"check: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None
    if output is not None:
        output.write_text(f"{told}\n", encoding="utf-8")
    else:
        typer.echo(for_stream(told, sys.stdout) if form is ReportFormat.TEXT else told)
    say_unused(allowance)
    if not report.ok or (require_all and report.unchecked) or (warnings_as_errors and report.warnings):
        raise typer.Exit(BROKEN)


@app.command()
def verify(
    artefact: Annotated[str, typer.Argument(metavar="ARTEFACT", help="A .keras, .onnx, .tflite or SavedModel.")],
    data: Annotated[
        str | None, typer.Option("--data", metavar="FILE", help="Samples: .npy, .npz, .jsonl, or a folder of .png.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="OTHER", help="The artefact before it; formats may differ.")
    ] = None,
    form: Annotated[VerifyFormat, typer.Option("--format", help="How to print it.")] = VerifyFormat.TEXT,
) -> None:
    """Tell what a saved model takes and gives; check samples, or an earlier artefact, against it.

    None of the artefact's code runs. Status 1: samples do not fit, or programs would break.
    """
    from typedlayers.cli.verify import NotReadable, told

    try:
        text, is_fine = told(artefact, data, against, form)
    except NotReadable as error:
        complain(f"verify: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None
    typer.echo(text)
    if not is_fine:
        raise typer.Exit(BROKEN)


def _configure(command: str) -> None:
    from typedlayers.verdict import settings

    try:
        settings.load()
    except settings.SettingsError as error:
        complain(f"{command}: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None


def _codes(command: str, rules: list[str] | None) -> frozenset[str]:
    from typedlayers.diagnostics.codes import UnknownRule
    from typedlayers.verdict.allow import codes_of

    try:
        return codes_of(rules or ())
    except UnknownRule as error:
        complain(f"{command}: --allow: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None
