"""Printing: Markdown is rendered on a terminal, and printed as it is everywhere else."""

from __future__ import annotations

import enum
import sys

import typer

from typedlayers.diagnostics.render.terminal import wants_colour


class Format(enum.StrEnum):
    """The format of a table."""

    TEXT = "text"
    JSON = "json"


class VerifyFormat(enum.StrEnum):
    """The format of what is said of an artefact."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def show(markdown: str) -> None:
    """Prints a Markdown text; plain where it is piped, or where ``NO_COLOR`` or a dumb terminal asks for that."""
    if not is_rendered():
        typer.echo(markdown)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))


def is_rendered() -> bool:
    """Returns True if standard output is a terminal that shows colours."""
    return sys.stdout.isatty() and wants_colour()


def complain(message: str) -> None:
    """Prints the reason that a command could not run, on standard error."""
    typer.echo(f"typedlayers {message}", err=True)
