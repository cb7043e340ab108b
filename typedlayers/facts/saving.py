"""A layer of the user's as it is about to be saved: the arguments that its config does not keep."""

from __future__ import annotations

from dataclasses import dataclass

from typedlayers.diagnostics.subject import Subject


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An argument of a constructor that the config of its layer does not keep.

    Attributes:
        name: the argument.
        given: its value, as the user writes it.
        becomes: what a layer that is made from the config has in its place; empty if none can be made.
    """

    name: str
    given: str
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class SavedLayer:
    """A layer or model of the user's.

    Attributes:
        subject: whom messages about it are about.
        forgotten: the arguments that its config does not keep, as a layer made from it shows.
        allowed: codes that the user silenced for it.
        written: whether its class has a ``get_config`` of its own; otherwise Keras makes the config.
    """

    subject: Subject
    forgotten: tuple[Forgotten, ...] = ()
    allowed: frozenset[str] = frozenset()
    written: bool = True
