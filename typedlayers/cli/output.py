"""Printing: Markdown is rendered on a terminal, and printed as it is everywhere else."""

from __future__ import annotations

import enum
import os
import sys

import typer


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
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def complain(message: str) -> None:
    """Prints the reason that a command could not run, on standard error."""
    typer.echo(f"typedlayers {message}", err=True)
