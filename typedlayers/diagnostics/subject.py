"""The subject of a message: the layer that it names."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.model import Location


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
