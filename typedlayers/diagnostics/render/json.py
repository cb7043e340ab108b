"""Diagnostics → JSON; the schema is ``schema.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.edit import (
    Adapt,
    Argument,
    Attribute,
    Data,
    Edit,
    Exchange,
    Gather,
    Insert,
    Keep,
    Loss,
    LossArgument,
    Metric,
    MetricArgument,
    Move,
    Omit,
    OnTensors,
    Remove,
    Replace,
    Rewrite,
    Setting,
)
from typedlayers.diagnostics.model import Diagnostic, Fix, Location, Repair
from typedlayers.diagnostics.render.text import escaped_json

SCHEMA_VERSION = 1

KINDS: Final[Mapping[type[Edit], str]] = MappingProxyType(
    {
        Argument: "argument",
        Insert: "insert",
        Remove: "remove",
        Replace: "replace",
        Move: "move",
        Exchange: "exchange",
        Gather: "gather",
        Loss: "loss",
        LossArgument: "loss-argument",
        Metric: "metric",
        MetricArgument: "metric-argument",
        Setting: "setting",
        Data: "data",
        Adapt: "adapt",
        Attribute: "attribute",
        Omit: "omit",
        Keep: "keep",
        Rewrite: "rewrite",
        OnTensors: "on-tensors",
    }
)
"""The name of each kind of edit."""


def as_data(
    diagnostics: Sequence[Diagnostic],
    repairs: Sequence[Mapping[str, Any]] = (),
    subject: str = "",
    unchecked: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Returns a report as plain data: dicts, lists, strings and numbers.

    Args:
        diagnostics: the findings, root causes first.
        repairs: the repairs, as `repair_data` returns them.
        subject: the model in the user's names.
        unchecked: rules that never got their facts: topic, codes, what was missing, and how to give it.
    """
    return {
        "version": SCHEMA_VERSION,
        "subject": subject,
        "diagnostics": [_one(d) for d in diagnostics],
        "repairs": [dict(repair) for repair in repairs],
        "unchecked": [dict(one) for one in unchecked],
    }


def render(
    diagnostics: Sequence[Diagnostic],
    repairs: Sequence[Mapping[str, Any]] = (),
    subject: str = "",
    unchecked: Sequence[Mapping[str, Any]] = (),
    *,
    indent: int | None = 2,
) -> str:
    """Renders a report as JSON text."""
    data = as_data(diagnostics, repairs, subject, unchecked)
    return escaped_json(json.dumps(data, indent=indent, ensure_ascii=False))


def repair_data(
    repair: Repair, *, what: str, where: Location, why: str, code: str, before: str, after: str
) -> dict[str, Any]:
    """Returns one entry of the ledger as plain data."""
    return {
        "repair": _repair(repair),
        "what": what,
        "where": _place(where),
        "why": why,
        "code": code,
        "before": before,
        "after": after,
    }


def _one(d: Diagnostic) -> dict[str, Any]:
    return {
        "code": d.code,
        "rule": d.rule,
        "kind": CODES[d.code].kind,
        "severity": str(d.severity),
        "certainty": str(d.certainty),
        "headline": d.headline,
        "where": _place(d.where),
        "gets": d.gets,
        "needs": d.needs,
        "why": d.why,
        "fixes": [_fix(fix) for fix in d.fixes],
        "lenient": _repair(d.lenient),
        "follows": [_one(inner) for inner in d.follows],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "text": fix.text,
        "repair": _repair(fix.repair),
        "edits": [{"kind": KINDS[type(edit)], **asdict(edit)} for edit in fix.edits],
    }


def _place(where: Location) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "what": where.what, "within": where.within}


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
