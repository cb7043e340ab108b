"""Diagnostics → JSON; the schema stands in ``schema.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Diagnostic, Repair

SCHEMA_VERSION = 1


def as_data(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Returns a report as plain data: dicts, lists, strings and numbers."""
    return {"version": SCHEMA_VERSION, "diagnostics": [_one(d) for d in diagnostics]}


def render(diagnostics: Sequence[Diagnostic], *, indent: int | None = 2) -> str:
    """Renders a report as JSON text."""
    return json.dumps(as_data(diagnostics), indent=indent, ensure_ascii=False)


def _one(d: Diagnostic) -> dict[str, Any]:
    return {
        "code": d.code,
        "rule": d.rule,
        "kind": CODES[d.code].kind,
        "severity": str(d.severity),
        "certainty": str(d.certainty),
        "headline": d.headline,
        "where": {"file": d.where.file, "line": d.where.line, "what": d.where.what, "within": d.where.within},
        "gets": d.gets,
        "needs": d.needs,
        "why": d.why,
        "fixes": [{"text": fix.text, "repair": _repair(fix.repair)} for fix in d.fixes],
        "lenient": _repair(d.lenient),
        "follows": [_one(inner) for inner in d.follows],
    }


def _repair(repair: Repair | None) -> dict[str, Any] | None:
    if repair is None:
        return None
    return {
        "kind": repair.kind,
        "dtype": repair.dtype,
        "axis": repair.axis,
        "scale": repair.scale,
        "offset": repair.offset,
    }
