"""A page for each code, which is the page that ``typedlayers explain`` shows, and the table of all."""

from __future__ import annotations

from collections.abc import Iterator

from typedlayers.diagnostics.codes import CODES, KINDS, Code
from typedlayers.diagnostics.pages import page_of


def pages() -> dict[str, str]:
    """Returns the pages by path."""
    return {"codes/index.md": "\n".join(_index())} | {f"codes/{row.code}.md": _page(row) for row in CODES.values()}


def _page(row: Code) -> str:
    head, _, body = page_of(row.code).text.partition("\n")
    kind = f"*{row.severity}* · {row.kind} · [all codes](index.md)"
    return f"{head}\n\n{kind}\n{body}"


def _index() -> Iterator[str]:
    yield "# Codes\n"
    yield (
        "Each finding has a stable code and a rule, whose name `tl.allow` takes. [Configuration](../configuration.md) "
        "sets them for a project.\n"
    )
    for digit, kind in KINDS.items():
        rows = [row for row in CODES.values() if row.code[2] == digit]
        if rows:
            yield f"## {kind.capitalize()}\n"
            yield "| code | rule | severity | the mistake |"
            yield "|---|---|---|---|"
            yield from map(_line, rows)
            yield ""


def _line(row: Code) -> str:
    return f"| [{row.code}]({row.code}.md) | {row.rule} | {row.severity} | {row.summary} |"
