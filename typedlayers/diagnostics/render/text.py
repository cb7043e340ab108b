"""Diagnostics → plain text, in the anatomy that every message has."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from typedlayers.diagnostics.model import Certainty, Diagnostic, Location
from typedlayers.diagnostics.render import cells


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """Renders a report: each diagnostic whole, root causes first, and a line that counts them if there are more."""
    parts = [_one(diagnostic) for diagnostic in diagnostics]
    if len(diagnostics) > 1:
        parts.append(count(diagnostics))
    return "\n\n".join(parts)


def report(
    diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "", unchecked: Sequence[str] = ()
) -> str:
    """Renders the findings of one model: every diagnostic in full, the repairs, and the counts.

    Args:
        diagnostics: the findings, root causes first.
        repairs: the repairs, one line each.
        subject: the model in the user's names.
        unchecked: what was not checked, one line each.
    """
    parts = [_one(diagnostic) for diagnostic in diagnostics]
    if repairs:
        told = (_indented(visible(line, lines=True)) for line in repairs)
        parts.append("\n".join(["repaired", *(f"  {line}" for line in told)]))
    if unchecked:
        left_out = (_indented(visible(line, lines=True)) for line in unchecked)
        parts.append("\n".join(["not checked", *(f"  {line}" for line in left_out)]))
    return "\n\n".join([*parts, last_line(diagnostics, repairs, subject)])


def last_line(diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "") -> str:
    """Returns the counts of a report: ``Sequential "net": 2 errors, 1 repair``."""
    counts = []
    if diagnostics:
        counts.append(count(diagnostics))
    if repairs:
        counts.append(f"{len(repairs)} repair{'s' if len(repairs) > 1 else ''}")
    text = ", ".join(counts) or count(())
    return f"{visible(subject)}: {text}" if subject else text


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """Returns one line with the number of each severity."""
    found: dict[str, int] = {}
    for diagnostic in diagnostics:
        found[diagnostic.severity] = found.get(diagnostic.severity, 0) + 1
    return ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in found.items()) or "nothing to report"


def _one(diagnostic: Diagnostic) -> str:
    told = [("where", place(diagnostic.where)), *rows(diagnostic)]
    lines = [f"  {label:<5}  {_indented(text)}" for label, text in told if text]
    return "\n".join([f"{diagnostic.severity}[{diagnostic.code}] {headline(diagnostic)}", *lines])


def headline(diagnostic: Diagnostic) -> str:
    """Returns the headline, after *perhaps* where it is not certain."""
    return ("perhaps: " if diagnostic.certainty is Certainty.PERHAPS else "") + visible(diagnostic.headline)


def visible(text: str, *, lines: bool = False) -> str:
    r"""Returns a text with the control characters that a name may hold written as escapes.

    Args:
        text: the text.
        lines: whether it may have several lines.

    >>> visible("a\x1b[31m\nb"), visible("a\nb", lines=True)
    ('a\\x1b[31m\\nb', 'a\nb')
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or (lines and one == "\n") else one.encode("unicode_escape").decode() for one in text
    )


def escaped_json(text: str) -> str:
    r"""Returns JSON in which what does not print stands as JSON's own escapes: a terminal would obey it.

    >>> print(escaped_json('"a\x9b\u202e"'))
    "a\u009b\u202e"
    """
    return "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)


def rows(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    """Returns the lines below headline and place: pairs of a label and a text, each label once."""
    rows = [
        ("gets", diagnostic.gets),
        ("needs", diagnostic.needs),
        ("why", diagnostic.why),
    ]
    rows += _listed("fix", "", "or ", [fix.text for fix in diagnostic.fixes])
    if diagnostic.lenient is not None:
        rows.append(("" if diagnostic.fixes else "fix", f"(lenient mode would insert: {diagnostic.lenient})"))
    # many layers may follow from one cause with the same words: each sentence once
    caused = list(dict.fromkeys(inner.headline for inner in diagnostic.walk() if inner is not diagnostic))
    rows += _listed("then", "this also causes: ", "and: ", caused)
    rows.append(("more", f"typedlayers explain {diagnostic.code}"))
    return [(label, visible(text, lines=True)) for label, text in rows if text]


def _listed(label: str, first: str, further: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Returns the rows of several texts: the label at the first, the word for the others before each."""
    rows = [("", f"{further}{text}") for text in texts]
    if rows:
        rows[0] = (label, f"{first}{texts[0]}")
    return rows


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 9)


def place(where: Location) -> str:
    """Returns the user's line and the layer's place in its model, as far as they are known."""
    line = None if where.file is None else line_of(where.file, where.line)
    return visible(", ".join(part for part in (line, where.within) if part))


def line_of(file: str, line: int | None) -> str:
    """Returns a line as the user would name it: ``train.py:14``, ``Cell In[2], line 14`` in a notebook."""
    cell = cells.name_of(file)
    if cell is not None:
        return cell if line is None else f"{cell}, line {line}"
    return short(file) if line is None else f"{short(file)}:{line}"


def short(file: str) -> str:
    """Returns a path as the user would write it: relative to the working directory if it is inside."""
    if file.startswith("<"):  # a name that Python made up: <stdin>
        return file
    try:
        inside = Path(file).is_relative_to(Path.cwd())
        return os.path.relpath(file) if inside else file
    except (OSError, ValueError):  # the working directory is gone, or is on another drive
        return file


def posix(file: str) -> str:
    """Returns the path with slashes, as other programs read it."""
    return Path(short(file)).as_posix()
