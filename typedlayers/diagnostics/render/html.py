"""Diagnostics → a self-contained HTML page: no script, nothing fetched, readable on light and dark backgrounds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.render.text import headline, last_line, place, rows, visible

# Colours are laid over the ground that a page or notebook has, so that both themes work without asking which it is.
_STYLE: Final = """
.typedlayers { font: 14px/1.5 system-ui, sans-serif; max-width: 72em; }
.typedlayers details { border-left: 4px solid; padding: .2em .8em; margin: .6em 0; }
.typedlayers details { background: rgba(128, 128, 128, .1); }
.typedlayers details.error { border-color: #d1453b; }
.typedlayers details.warning { border-color: #c98a00; }
.typedlayers details.note, .typedlayers details.repaired { border-color: #3b82d1; }
.typedlayers summary { cursor: pointer; font-weight: 600; }
.typedlayers dl { display: grid; grid-template-columns: 4em 1fr; gap: .1em .8em; margin: .4em 0; }
.typedlayers dt { opacity: .7; }
.typedlayers dd { margin: 0; }
.typedlayers dd, .typedlayers li { white-space: pre-wrap; font-family: ui-monospace, monospace; font-size: .93em; }
""".strip()  # fmt: skip


def render(
    diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "", unchecked: Sequence[str] = ()
) -> str:
    """Renders a report as a whole page.

    Args:
        diagnostics: the findings, root causes first.
        repairs: the repairs, one line each.
        subject: the model in the user's names.
        unchecked: what was not checked, one line each.
    """
    title = escape(f"typedlayers: {visible(subject)}" if subject else "typedlayers")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{title}</title>",
            "</head>",
            "<body>",
            fragment(diagnostics, repairs, subject, unchecked),
            "</body>",
            "</html>",
        ]
    )


def fragment(
    diagnostics: Sequence[Diagnostic], repairs: Sequence[str] = (), subject: str = "", unchecked: Sequence[str] = ()
) -> str:
    """Renders a report as a part of a page: a notebook's cell."""
    parts = [f"<style>\n{_STYLE}\n</style>", '<div class="typedlayers">', *map(_one, diagnostics)]
    parts += [_listed(title, lines) for title, lines in (("repaired", repairs), ("not checked", unchecked)) if lines]
    return "\n".join([*parts, f"<p>{escape(last_line(diagnostics, repairs, subject))}</p>", "</div>"])


def _listed(title: str, lines: Sequence[str]) -> str:
    items = "\n".join(f"<li>{escape(visible(line, lines=True))}</li>" for line in lines)
    name = title.replace(" ", "-")
    return f'<details class="{name}" open><summary>{title}</summary>\n<ul>\n{items}\n</ul>\n</details>'


def _one(diagnostic: Diagnostic) -> str:
    title = escape(f"{diagnostic.severity}[{diagnostic.code}] {headline(diagnostic)}")
    pairs = [("where", place(diagnostic.where)), *rows(diagnostic)]
    told = "\n".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in pairs if text)
    return f'<details class="{diagnostic.severity}" open><summary>{title}</summary>\n<dl>\n{told}\n</dl>\n</details>'
