"""The table of codes, as text and as JSON."""

from __future__ import annotations

import json

from typedlayers.diagnostics.codes import CODES, KINDS, Code

SCHEMA_VERSION = 1


def chosen(prefix: str | None) -> list[Code]:
    """Returns the codes that begin with a text (``TL4``), or all.

    Raises:
        LookupError: if none does.
    """
    rows = [row for row in CODES.values() if row.code.startswith((prefix or "").upper())]
    if not rows:
        kinds = ", ".join(f"TL{digit} ({kind})" for digit, kind in KINDS.items())
        raise LookupError(f"no code begins with {prefix!r}; the kinds are {kinds}")
    return rows


def as_text(prefix: str | None = None) -> str:
    """Returns the table, one block per kind.

    >>> print(as_text().splitlines()[1])
      TL101  unreadable-annotation     error    an annotation is not jaxtyping's syntax
    """
    table = chosen(prefix)
    width = max(len(row.rule) for row in table)
    blocks = []
    for digit, kind in KINDS.items():
        rows = [row for row in table if row.code[2] == digit]
        lines = [f"  {row.code}  {row.rule:<{width}}  {row.severity:<7}  {row.summary}" for row in rows]
        if lines:
            blocks.append("\n".join([f"{digit}  {kind}", *lines]))
    return "\n\n".join([*blocks, "typedlayers explain CODE tells more of one; tl.allow(layer, RULE) silences it."])


def as_json(prefix: str | None = None) -> str:
    """Returns the table as JSON text."""
    rows = [
        {"code": row.code, "rule": row.rule, "kind": row.kind, "severity": str(row.severity), "summary": row.summary}
        for row in chosen(prefix)
    ]
    return json.dumps({"version": SCHEMA_VERSION, "rules": rows}, indent=2, ensure_ascii=False)
