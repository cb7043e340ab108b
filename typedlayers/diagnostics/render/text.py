"""Diagnostics → plain text, in the anatomy that every message has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from typedlayers.diagnostics.model import Certainty, Diagnostic, Location


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """Renders a report: each diagnostic whole, root causes first, and a line that counts them if there are more."""
    parts = [_one(diagnostic) for diagnostic in diagnostics]
    if len(diagnostics) > 1:
        parts.append(count(diagnostics))
    return "\n\n".join(parts)


def report(diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "") -> str:
    """Renders the findings of one model: every diagnostic in full, the repairs, and the counts.

    Args:
        diagnostics: the findings, root causes first.
        repairs: the repairs, one line each.
        subject: the model in the user's names.
    """
    parts = [_one(diagnostic) for diagnostic in diagnostics]
    if repairs:
        parts.append("\n".join(["repaired", *(f"  {_indented(line)}" for line in repairs)]))
    return "\n\n".join([*parts, last_line(diagnostics, repairs, subject)])


def last_line(diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "") -> str:
    """The counts of a report: ``Sequential "net": 2 errors, 1 repair``."""
    repaired = f"{len(repairs)} repair{'s' if len(repairs) > 1 else ''}" if repairs else ""
    counts = ", ".join(part for part in (count(diagnostics) if diagnostics else "", repaired) if part)
    return (f"{subject}: " if subject else "") + (counts or count(()))


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """One line: how many of each severity."""
    found: dict[str, int] = {}
    for diagnostic in diagnostics:
        found[diagnostic.severity] = found.get(diagnostic.severity, 0) + 1
    return ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in found.items()) or "nothing to report"


def _one(diagnostic: Diagnostic) -> str:
    told = [("where", place(diagnostic.where)), *rows(diagnostic)]
    lines = [f"  {label:<5}  {_indented(text)}" for label, text in told if text]
    return "\n".join([f"{diagnostic.severity}[{diagnostic.code}] {headline(diagnostic)}", *lines])


def headline(diagnostic: Diagnostic) -> str:
    """The headline, and whether it is certain."""
    return ("perhaps: " if diagnostic.certainty is Certainty.PERHAPS else "") + diagnostic.headline


def rows(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    """Yields the lines below headline and place: pairs of a label and a text, each label once."""
    rows = [
        ("gets", diagnostic.gets),
        ("needs", diagnostic.needs),
        ("why", diagnostic.why),
    ]
    rows += [("fix" if i == 0 else "", ("or " if i else "") + fix.text) for i, fix in enumerate(diagnostic.fixes)]
    if diagnostic.lenient is not None:
        rows.append(("" if diagnostic.fixes else "fix", f"(lenient mode would insert: {diagnostic.lenient})"))
    caused = list(dict.fromkeys(inner.headline for inner in diagnostic.walk() if inner is not diagnostic))
    rows += [("" if i else "then", ("and: " if i else "this also causes: ") + text) for i, text in enumerate(caused)]
    rows.append(("more", f"typedlayers explain {diagnostic.code}"))
    return [(label, text) for label, text in rows if text]


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 9)


def place(where: Location) -> str:
    """The user's line and the layer's place in its model, as far as they are known."""
    number = "" if where.line is None else f":{where.line}"
    line = None if where.file is None else f"{short(where.file)}{number}"
    return ", ".join(part for part in (line, where.within) if part)


def short(file: str) -> str:
    """A path as the user would write it: relative to the working directory if it lies below."""
    if file.startswith("<"):
        return file
    try:
        inside = Path(file).is_relative_to(Path.cwd())
        return os.path.relpath(file) if inside else file
    except (OSError, ValueError):
        return file


def posix(file: str) -> str:
    """The same path with slashes, as other programs read it."""
    return Path(short(file)).as_posix()
