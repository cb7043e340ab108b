"""A report on a terminal: wrapped under its labels, coloured; the same words as where it is piped."""

from __future__ import annotations

import io
import re

import pytest

from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.diagnostics.render.terminal import coloured, for_stream, wrapped
from typedlayers.diagnostics.render.text import report

LONG = "a sentence that is longer than the terminal is wide, so that it has to be broken somewhere before its end"
DIAGNOSTIC = Diagnostic(
    "TL201",
    f'Conv2D "conv" needs 4 dimensions but gets 3: {LONG}',
    Location("train.py", 3),
    why=LONG,
    fixes=(Fix("one"), Fix(f"two, {LONG}")),
)
TEXT = report([DIAGNOSTIC], [f"flatten: {LONG}"], 'Sequential "net"', ["values (TL401)"])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def words(text: str) -> list[str]:
    return re.sub(r"\x1b\[[\d;]*m", "", text).split()


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = wrapped(TEXT, width).splitlines()
    assert max(map(len, lines)) <= width
    assert words("\n".join(lines)) == words(TEXT)


def test_a_broken_line_goes_on_under_its_text() -> None:
    lines = wrapped(TEXT, 80).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  why"))
    assert lines[at + 1].startswith(" " * 9 + lines[at + 1].strip()[:3])


def test_colours_add_no_words() -> None:
    assert words(coloured(TEXT)) == words(TEXT)
    assert "\x1b[1;31merror[TL201]\x1b[0m" in coloured(TEXT)
    assert "\x1b[32mone\x1b[0m" in coloured(TEXT)


def test_what_is_piped_is_plain() -> None:
    assert for_stream(TEXT, io.StringIO()) == TEXT


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours_is_wrapped(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b" in for_stream(TEXT, Terminal())
    monkeypatch.setenv(name, value)
    assert for_stream(TEXT, Terminal()) == wrapped(TEXT, 80)
