"""Diagnostics → SARIF 2.1.0, the form that code scanners and editors read."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from typedlayers.diagnostics.codes import CODES, Code
from typedlayers.diagnostics.model import Diagnostic, Location, Severity
from typedlayers.diagnostics.pages import page_of
from typedlayers.diagnostics.render.text import escaped_json, headline, posix, rows, visible

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_data(diagnostics: Sequence[Diagnostic], unchecked: Sequence[str] = ()) -> dict[str, Any]:
    """Returns a report as plain data: one run, its rules, and a result for each diagnostic.

    Args:
        diagnostics: the findings, root causes first.
        unchecked: what was not checked, one line each; SARIF's place for it is a notification.
    """
    from typedlayers import __version__

    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {"name": "typedlayers", "version": __version__, "rules": [_rule(CODES[code]) for code in codes]}
    results = [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in diagnostics]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run | _invocations(unchecked)]}


def render(diagnostics: Sequence[Diagnostic], unchecked: Sequence[str] = (), *, indent: int | None = 2) -> str:
    """Renders a report as SARIF text."""
    return escaped_json(json.dumps(as_data(diagnostics, unchecked), indent=indent, ensure_ascii=False))


def _invocations(unchecked: Sequence[str]) -> dict[str, Any]:
    """Returns the part of a run that says what it left out, empty if it left out nothing."""
    if not unchecked:
        return {}
    told = [{"level": "note", "message": {"text": f"not checked: {visible(line)}"}} for line in unchecked]
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": told}]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "name": code.rule,
        "shortDescription": {"text": code.summary},
        "help": {"text": f"typedlayers explain {code.code}", "markdown": page_of(code.code).text},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.kind]},
    }


def _result(diagnostic: Diagnostic, index: int) -> dict[str, Any]:
    lines = [headline(diagnostic), *(f"{label}: {text}" if label else text for label, text in rows(diagnostic))]
    result = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(lines)},
    }
    location = _location(diagnostic.where)
    caused = dict.fromkeys(inner for inner in diagnostic.walk() if inner is not diagnostic)
    related = [{**_location(inner.where), "message": {"text": visible(inner.headline)}} for inner in caused]
    return result | ({"locations": [location]} if location else {}) | ({"relatedLocations": related} if related else {})


def _location(where: Location) -> dict[str, Any]:
    """A SARIF location: the line in the user's file, and the layer in its model; empty if neither is known."""
    found: dict[str, Any] = {}
    if where.file is not None and not where.file.startswith("<"):
        region = {} if where.line is None else {"region": {"startLine": where.line}}
        found["physicalLocation"] = {"artifactLocation": {"uri": _uri(where.file)}} | region
    name = ", ".join(part for part in (where.what, where.within) if part)
    if name:
        found["logicalLocations"] = [{"fullyQualifiedName": visible(name)}]
    return found


def _uri(file: str) -> str:
    """Relative to the working directory if the file lies below, which is where a repository is checked."""
    name = posix(file)
    return Path(name).as_uri() if Path(name).is_absolute() else urllib.parse.quote(name)
