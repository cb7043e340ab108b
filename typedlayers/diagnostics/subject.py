"""Whom a message is about."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.model import Location


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a message is about.

    Attributes:
        label: the layer in the user's names: ``Conv2D "conv1"``.
        short: what a fix calls it: ``"conv1"``.
        where: the line that made it and its place.
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
