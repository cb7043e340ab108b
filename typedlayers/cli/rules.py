"""The table of codes, as text and as JSON."""

from __future__ import annotations

import json

from typedlayers.diagnostics.codes import CODES, KINDS

SCHEMA_VERSION = 1


def as_text() -> str:
    """Returns the table, one block per kind.

    >>> print(as_text().splitlines()[1])
      TL101  unreadable-annotation     error    an annotation is not jaxtyping's syntax
    """
    width = max(len(row.rule) for row in CODES.values())
    blocks = []
    for digit, kind in KINDS.items():
        rows = [row for row in CODES.values() if row.code[2] == digit]
        lines = [f"  {row.code}  {row.rule:<{width}}  {row.severity:<7}  {row.summary}" for row in rows]
        if lines:
            blocks.append("\n".join([f"{digit}  {kind}", *lines]))
    return "\n\n".join([*blocks, "typedlayers explain CODE tells more of one; tl.allow(layer, RULE) silences it."])


def as_json() -> str:
    """Returns the table as JSON text."""
    rows = [
        {"code": row.code, "rule": row.rule, "kind": row.kind, "severity": str(row.severity), "summary": row.summary}
        for row in CODES.values()
    ]
    return json.dumps({"version": SCHEMA_VERSION, "rules": rows}, indent=2, ensure_ascii=False)
