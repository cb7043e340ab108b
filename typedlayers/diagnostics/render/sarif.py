"""Diagnostics → SARIF 2.1.0, the form that code scanners and editors read."""

from __future__ import annotations

import difflib
import json
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from typedlayers.diagnostics.codes import CODES, Code
from typedlayers.diagnostics.model import Diagnostic, Location, Severity
from typedlayers.diagnostics.pages import page_of
from typedlayers.diagnostics.render.text import escaped_json, headline, posix, rows, visible

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


@dataclass(frozen=True, slots=True)
class Change:
    """A fix made in the user's files.

    Attributes:
        text: the fix in words.
        files: the text of each file before and after, by its path.
    """

    text: str
    files: Mapping[str, tuple[str, str]]


Changes = Mapping[Diagnostic, Sequence[Change]]
"""The fixes of each finding that could be made in the source."""


def as_data(
    diagnostics: Sequence[Diagnostic],
    unchecked: Sequence[str] = (),
    *,
    changes: Changes | None = None,
    site: str | None = None,
) -> dict[str, Any]:
    """Returns a report as plain data: one run, its rules, and a result for each diagnostic.

    Args:
        diagnostics: the findings, root causes first.
        unchecked: what was not checked, one line each; SARIF's place for it is a notification.
        changes: the fixes as changes of files; a fix that is none stands in the message only.
        site: the address of the documentation, without which no rule has a page to link to.
    """
    from typedlayers import __version__

    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver: dict[str, Any] = {"name": "typedlayers", "version": __version__}
    driver |= {} if site is None else {"informationUri": site}
    driver["rules"] = [_rule(CODES[code], site) for code in codes]
    made = changes or {}
    results = [
        _result(diagnostic, codes.index(diagnostic.code), made.get(diagnostic, ())) for diagnostic in diagnostics
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run | _invocations(unchecked)]}


def render(
    diagnostics: Sequence[Diagnostic],
    unchecked: Sequence[str] = (),
    *,
    changes: Changes | None = None,
    site: str | None = None,
    indent: int | None = 2,
) -> str:
    """Renders a report as SARIF text; the arguments are those of `as_data`."""
    data = as_data(diagnostics, unchecked, changes=changes, site=site)
    return escaped_json(json.dumps(data, indent=indent, ensure_ascii=False))


def _invocations(unchecked: Sequence[str]) -> dict[str, Any]:
    """Returns the part of a run that says what it left out, empty if it left out nothing."""
    if not unchecked:
        return {}
    told = [{"level": "note", "message": {"text": f"not checked: {visible(line)}"}} for line in unchecked]
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": told}]}


def _rule(code: Code, site: str | None) -> dict[str, Any]:
    page = {} if site is None else {"helpUri": f"{site.rstrip('/')}/codes/{code.code}/"}
    return page | {
        "id": code.code,
        "name": code.rule,
        "shortDescription": {"text": code.summary},
        "help": {"text": f"typedlayers explain {code.code}", "markdown": page_of(code.code).text},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.kind]},
    }


def _result(diagnostic: Diagnostic, index: int, changes: Sequence[Change]) -> dict[str, Any]:
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
    optional = {
        "locations": [location] if location else [],
        "relatedLocations": related,
        "fixes": [_fix(change) for change in changes],
    }
    return result | {name: items for name, items in optional.items() if items}


def _fix(change: Change) -> dict[str, Any]:
    files = [
        {"artifactLocation": {"uri": _uri(file)}, "replacements": list(_replacements(before, after))}
        for file, (before, after) in change.files.items()
    ]
    return {"description": {"text": visible(change.text)}, "artifactChanges": files}


def _replacements(before: str, after: str) -> Iterator[dict[str, Any]]:
    """Yields the changes of whole lines that make one text of another."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for kind, start, stop, new_start, new_stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        (line, column), (end_line, end_column) = _begin_of(start, old), _begin_of(stop, old)
        region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        yield {"deletedRegion": region, "insertedContent": {"text": "".join(new[new_start:new_stop])}}


def _begin_of(index: int, lines: Sequence[str]) -> tuple[int, int]:
    """Returns where a line begins, from 1; of the line behind the last one, where that ends if no line follows it."""
    if index < len(lines) or not lines or lines[-1].endswith(("\n", "\r")):
        return index + 1, 1
    return index, len(lines[-1]) + 1


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
