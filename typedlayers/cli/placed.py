"""The fixes of a report as changes of the user's files, for formats that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from typedlayers.cli.arrival import installed_on_arrival
from typedlayers.cli.check import Reference, report_on
from typedlayers.cli.fix import positions
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.diagnostics.render.sarif import Change, Changes
from typedlayers.source.apply import edited
from typedlayers.source.program import NoPlace
from typedlayers.source.project import Project
from typedlayers.source.site import Finding, Seen
from typedlayers.source.witness import Witness
from typedlayers.verdict.allow import Allowance
from typedlayers.verdict.report import Report


def report_with_changes(model: Reference, data: Reference | None, allowed: Allowance) -> tuple[Report, Changes]:
    """Returns what `report_on` returns, and the fixes whose place in the source was seen as the model was made.

    Raises:
        NotFound: as `report_on`.
    """
    witness = Witness()
    with installed_on_arrival(witness.keras_was_imported), witness.watching():
        report = report_on(model, data, allowed)
    seen, project = witness.seen(), Project.around(Path.cwd())
    return report, {one: list(_changes(one, seen, project)) for one in report.diagnostics}


def _changes(diagnostic: Diagnostic, seen: Seen, project: Project) -> Iterator[Change]:
    for fix in diagnostic.fixes:
        if not fix.edits:
            continue
        try:
            made = edited([(Finding(diagnostic), fix)], seen, project.read, positions)
            files = {file: (_text(project.read(file)), _text(new)) for file, new in made.items()}
        except NoPlace:  # such a fix stands in the message, as every fix does
            continue
        if files:
            yield Change(fix.text, files)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NoPlace("the file is not written in UTF-8") from None
