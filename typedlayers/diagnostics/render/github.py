"""Diagnostics → the workflow commands that GitHub shows as annotations of the changed lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typedlayers.diagnostics.model import Diagnostic, Severity
from typedlayers.diagnostics.render.text import headline, last_line, place, posix, rows, visible

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(
    diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "", unchecked: Sequence[str] = ()
) -> str:
    """Renders a report: one command a line, and the counts, which a log shows as they are.

    Args:
        diagnostics: the findings, root causes first.
        repairs: the repairs, one line each.
        subject: the model in the user's names.
        unchecked: what was not checked, one line each.

    >>> print(render([Diagnostic("TL301", "100% of it")]).splitlines()[0])
    ::error title=TL301 float64-tensor::100%25 of it%0Amore: typedlayers explain TL301
    """
    notices = (f"::notice title=not checked::{_message(visible(line))}" for line in unchecked)
    return "\n".join([*map(_one, diagnostics), *notices, last_line(diagnostics, repairs, subject)])


def _one(diagnostic: Diagnostic) -> str:
    where, properties = diagnostic.where, {}
    if where.file is not None and not where.file.startswith("<"):
        properties["file"] = visible(posix(where.file))
        if where.line is not None:
            properties["line"] = str(where.line)
    properties["title"] = f"{diagnostic.code} {diagnostic.rule}"
    lines = [headline(diagnostic)]
    if "line" not in properties and place(where):
        lines.append(f"where: {place(where)}")
    elif where.within:
        lines.append(f"where: {visible(where.within)}")
    lines += [f"{label}: {text}" if label else text for label, text in rows(diagnostic)]
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.severity]} {named}::{_message(chr(10).join(lines))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
