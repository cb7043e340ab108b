"""Codes in prose become links to their pages."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from typedlayers.diagnostics.codes import CODES

_FENCE: Final = re.compile(r"^\s*(```|~~~)")
_PIECE: Final = re.compile(r"(`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>)")
_CODE: Final = re.compile(r"\bTL\d{3}\b")


def with_links(path: str, text: str) -> str:
    """Returns a page whose codes, outside code, links and headings, lead to their pages."""
    up = posixpath.relpath("codes", posixpath.dirname(path) or ".")
    own = posixpath.basename(path).removesuffix(".md")
    lines, fenced = [], False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            fenced = not fenced
        plain = not fenced and not line.startswith(("#", "    "))
        lines.append(_linked(line, up, own) if plain else line)
    return "".join(lines)


def _linked(line: str, up: str, own: str) -> str:
    """Returns a line with links; the odd pieces of the split are code, links and tags, and stay."""

    def link(found: re.Match[str]) -> str:
        code = found[0]
        return code if code == own or code not in CODES else f"[{code}]({up}/{code}.md)"

    pieces = _PIECE.split(line)
    return "".join(piece if number % 2 else _CODE.sub(link, piece) for number, piece in enumerate(pieces))
