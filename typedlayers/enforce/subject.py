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
    """

    label: str
    short: str
    where: Location
