"""Plain text → the same text for a terminal: coloured, and wrapped under its labels. Colour says nothing of its own."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator
from typing import Any, Final

WIDTH: Final = 80
"""The width of a terminal that does not tell its own."""

NARROWEST: Final = 40
"""A terminal that is narrower gets lines of this width."""

_HEAD = re.compile(r"^(error|warning|note)(\[TL\d{3}\])(.*)$")
_ROW = re.compile(r"^  (where|gets |needs|why  |fix  |then |more |     )  (.*)$")
_COLOURS: Final = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_DIM: Final = "2"
_FIX: Final = "32"


def wants_colour() -> bool:
    """Returns True unless ``NO_COLOR`` or a dumb terminal asks for plain text."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def for_stream(text: str, stream: Any) -> str:
    """Returns a report as a stream shows it: wrapped and coloured on a terminal, unchanged where it is piped."""
    if not stream.isatty():
        return text
    broken = wrapped(text, max(shutil.get_terminal_size((WIDTH, 24)).columns, NARROWEST))
    return coloured(broken) if wants_colour() else broken


def wrapped(text: str, width: int = WIDTH) -> str:
    r"""Returns a report with its long lines broken under their labels.

    >>> print(wrapped("error[TL201] Conv2D needs 4 axes\n  why    a sentence that is long", 24))
    error[TL201] Conv2D
      needs 4 axes
      why    a sentence that
             is long
    """
    return "\n".join(part for line in text.split("\n") for part in _wrapped_line(line, width))


def _wrapped_line(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    row = _ROW.match(line)
    indent = " " * 9 if row else " " * (2 + len(line) - len(line.lstrip()))
    broken = textwrap.wrap(
        line.strip() if row is None else row[2],
        width,
        initial_indent=line[:9] if row else line[: len(line) - len(line.lstrip())],
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return broken or [line]


def coloured(text: str) -> str:
    """Returns a report with its headlines, labels and fixes coloured by ANSI codes."""
    return "\n".join(_coloured_lines(text.split("\n")))


def _coloured_lines(lines: list[str]) -> Iterator[str]:
    label = ""
    for line in lines:
        head, row = _HEAD.match(line), _ROW.match(line)
        if head:
            label = ""
            yield f"{_ansi(_COLOURS[head[1]], head[1] + head[2])}{_ansi('1', head[3])}"
        elif row:
            label = row[1].strip() or label
            told = _ansi(_FIX, row[2]) if label == "fix" else row[2]
            yield f"  {_ansi(_DIM, row[1])}  {told}"
        else:
            yield line


def _ansi(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text.strip() else text
