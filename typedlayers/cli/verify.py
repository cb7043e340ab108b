"""``typedlayers verify``: an artefact, samples or an earlier artefact → the text to print, and whether all is fine."""

from __future__ import annotations

from typedlayers.artefacts.bounded import CannotRead
from typedlayers.cli.output import VerifyFormat
from typedlayers.diagnostics.render.text import visible
from typedlayers.verifying import verified


class NotReadable(Exception):
    """A file cannot be read; the message says why."""


def told(artefact: str, data: str | None, against: str | None, form: VerifyFormat) -> tuple[str, bool]:
    """Returns what is to be printed, and True if nothing was found.

    Raises:
        NotReadable: if a file cannot be read.
    """
    try:
        found = verified(artefact, data, against)
    except CannotRead as error:
        raise NotReadable(visible(str(error))) from None
    forms = {VerifyFormat.TEXT: found.__str__, VerifyFormat.JSON: found.to_json, VerifyFormat.GITHUB: found.to_github}
    return forms[form](), found.report.ok
