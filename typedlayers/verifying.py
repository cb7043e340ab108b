"""`verify`: what a saved model takes and gives, samples against it, and two of them compared."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typedlayers.artefacts.comparing import differences
from typedlayers.artefacts.describing import as_data, as_text
from typedlayers.artefacts.fitting import findings_of
from typedlayers.artefacts.model import Artefact
from typedlayers.artefacts.reading import read_artefact
from typedlayers.artefacts.samples import Samples, read_samples
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.diagnostics.render.text import escaped_json
from typedlayers.verdict.report import Report


@dataclass(frozen=True, slots=True)
class Verified:
    """An artefact, and what was found.

    Attributes:
        artefact: the artefact.
        other: the one that it was compared with, None if with none.
        report: what was found.
    """

    artefact: Artefact
    other: Artefact | None
    report: Report

    def __str__(self) -> str:
        described = [as_text(one) for one in (self.artefact, self.other) if one is not None]
        return "\n\n".join([*described, str(self.report)])

    def to_json(self) -> str:
        """Returns it as JSON: the artefacts, and the report as `Report.to_json` has it."""
        data = {
            "artefact": as_data(self.artefact),
            "against": None if self.other is None else as_data(self.other),
            "report": json.loads(self.report.to_json()),
        }
        return escaped_json(json.dumps(data, indent=2, ensure_ascii=False))

    def to_github(self) -> str:
        """Returns the findings as GitHub's workflow commands, below the artefact as a log shows it."""
        return f"{as_text(self.artefact)}\n{self.report.to_github()}"


def verify(path: str | os.PathLike[str], data: Any = None, *, against: str | os.PathLike[str] | None = None) -> Report:
    """Reads a saved model without running it, and checks samples or an earlier artefact against it.

    Args:
        path: a ``.keras``, ``.onnx`` or ``.tflite`` file, or the folder of a SavedModel.
        data: a file of samples: ``.npy``, ``.npz``, JSON lines, or a folder of ``.png``. The first 256 are looked at.
        against: an earlier artefact, of any of the formats, that programs were written for.

    Returns:
        Samples that do not fit and changes that break programs are errors, other changes are notes.

    Raises:
        ValueError: if a file cannot be read: damaged, of another format, or larger than any real one.

    >>> verify("no_such.keras")
    Traceback (most recent call last):
    typedlayers.artefacts.bounded.CannotRead: 'no_such.keras' cannot be read: No such file or directory
    """
    given = None if data is None else os.fspath(data)
    return verified(os.fspath(path), given, None if against is None else os.fspath(against)).report


def verified(path: str, data: str | None, against: str | None) -> Verified:
    """Returns a saved model with what was found.

    Raises:
        typedlayers.artefacts.bounded.CannotRead: if a file cannot be read.
    """
    artefact = read_artefact(path)
    other = None if against is None else read_artefact(against)
    found = [*_unreadable(artefact)]
    if data is not None:
        found += findings_of(artefact, _samples(data))
    if other is not None:
        found += [*_unreadable(other), *differences(artefact, other)]
    errors = tuple(one for one in found if one.is_error)
    return Verified(artefact, other, Report(errors, tuple(one for one in found if not one.is_error), (), artefact.name))


def _unreadable(artefact: Artefact) -> Iterator[Diagnostic]:
    if artefact.unreadable:
        headline = f"the notes of typedlayers in {artefact.name} cannot be read"
        yield Diagnostic("TL802", headline, Location(what=artefact.name), why=artefact.unreadable)


def _samples(path: str) -> tuple[Samples, ...]:
    if not Path(path).is_dir():
        return read_samples(path)
    from typedlayers.pictures import read_pictures  # TensorFlow decodes them

    return read_pictures(path)
