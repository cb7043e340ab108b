"""Fixes made in a source that was not run: what a run would tell of it is read off its text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from typedlayers.cli.fix import positions
from typedlayers.diagnostics.edit import Edit
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.source.apply import edited
from typedlayers.source.program import Program, last_name
from typedlayers.source.site import Compiled, Finding, MadeLayer, Seen, Site, Stop

FILE = "/project/train.py"


def site_of(program: Program, call: object) -> Site:
    """The place of a call, as Python gives it."""
    line, column = program.end_of(call)  # type: ignore[arg-type]
    text = program.data.decode().splitlines()[line - 1]
    return Site(program.file, program.line_of(call), line, len(text[:column].encode()))  # type: ignore[arg-type]


def seen_of(program: Program, stopped: str, datasets: Mapping[str, int]) -> tuple[Seen, tuple[Stop, ...]]:
    """What a run would tell: a layer for each call of a capital name, `compile`, and the call where it stopped."""
    layers, compiled, stops = [], [], []
    for call in program.calls:
        kind, code = last_name(call.func), program.code(call)
        name = re.search(r"""name=["'](\w+)["']""", code)
        if kind[:1].isupper():
            site = site_of(program, call)
            layers.append(MadeLayer(name[1] if name else kind.lower(), kind, site, site))
        if kind == "compile":
            compiled.append(Compiled("model", site_of(program, call)))
        if stopped and code.startswith(stopped):
            stops.append(Stop(site_of(program, call), "", datasets))
    return Seen(layers=tuple(layers), compiled=tuple(compiled), files=(FILE,)), tuple(stops)


def made(
    source: str, *edits: Edit, stopped: str = "", datasets: Mapping[str, int] | None = None, headline: str = "a mistake"
) -> str:
    """Returns a source with the edits of a fix made in it."""
    program = Program(source.encode(), FILE)
    seen, stops = seen_of(program, stopped, datasets or {})
    finding = Finding(Diagnostic("TL201", headline, Location(FILE)), stops)
    changed = edited([(finding, Fix("", edits=edits))], seen, lambda _: source.encode(), positions)
    return changed.get(FILE, source.encode()).decode()
