"""The subject of a message: the layer that it names."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.model import Location
from typedlayers.diagnostics.render.text import line_of
from typedlayers.spec import Spec


@dataclass(frozen=True, slots=True)
class Subject:
    """The layer that a message names.

    Attributes:
        label: the layer in the user's names: ``Conv2D "conv1"``.
        short: its name in fixes: ``"conv1"``.
        where: the line that created it, and its place in the model.
        kind: the name of its class: ``Conv2D``.
    """

    label: str
    short: str
    where: Location
    kind: str = ""

    @classmethod
    def of(cls, kind: str, name: str, where: Location) -> Subject:
        """Returns the subject of messages about a layer of a class, by its name."""
        label = f'{kind} "{name}"'
        return cls(label, f'"{name}"', Location(where.file, where.line, label, where.within), kind)

    @property
    def line(self) -> str:
        """The layer, and its line if that is known: ``Dense "digit" (line 5)``."""
        return self.label if self.where.line is None else f"{self.label} (line {self.where.line})"


def with_origin(spec: Spec) -> str:
    """Returns a tensor and where it came from: ``float32 (batch, 8) from LSTM "first", train.py:8``."""
    origin = spec.origin
    if origin is None:
        return str(spec)
    line = "" if origin.file is None else f", {line_of(origin.file, origin.line)}"
    return f"{spec} from {origin.label}{line}"
