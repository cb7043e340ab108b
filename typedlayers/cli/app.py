"""The commands and their exit status: 0 fine, 1 contract errors, 2 could not run.

What a command needs is imported inside it, so that each loads only that: ``explain`` and ``rules`` answer without
Keras or TensorFlow.
"""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from typedlayers.cli.output import Format, complain, show

COULD_NOT_RUN: Final = 2

app: Final = typer.Typer(
    name="typedlayers",
    help="Contracts for Keras layers: what a code means, what a layer needs and gives.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # an arrow is no reason to fail where the encoding has none
    app(prog_name="typedlayers")


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
    """Contracts for Keras layers: what a code means, what a layer needs and gives."""


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A code (TL201), a rule (rank-mismatch) or a layer (Conv2D).")],
) -> None:
    """Say what a code means, or what a layer's contract is."""
    from typedlayers.cli.explain import explanation

    try:
        show(explanation(name))
    except LookupError as error:
        complain(f"explain: {error.args[0]}")
        raise typer.Exit(COULD_NOT_RUN) from None


@app.command()
def rules(
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
) -> None:
    """List every code with its rule, severity and summary."""
    from typedlayers.cli.rules import as_json, as_text

    typer.echo(as_json() if form is Format.JSON else as_text())


@app.command()
def demo() -> None:
    """Run three small programs with plain Keras, in strict and in lenient mode."""
    try:
        from typedlayers.cli.demo import run
    except ImportError as error:
        complain(f"demo: {error}")
        raise typer.Exit(COULD_NOT_RUN) from None
    run()
