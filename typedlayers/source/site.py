"""What a run told of a program's source: the place of each call that matters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from typedlayers.diagnostics.model import Diagnostic

_NUMBERS: Final = re.compile(r"\([^()]*\)|-?\d[\d.]*")
"""Shapes and numbers in a headline."""


@dataclass(frozen=True, slots=True)
class Site:
    """The place of one expression.

    Attributes:
        file: the path of its file, links followed.
        line: its first line, from 1.
        end_line: its last line; None where Python does not keep it.
        end_column: the column behind its last character, in bytes of UTF-8.
    """

    file: str
    line: int
    end_line: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A line of the user's on the way to a finding.

    Attributes:
        site: the call that was running.
        text: its line.
        datasets: the datasets that can be named there, by name, each with the number of parts of its elements.
    """

    site: Site
    text: str = ""
    datasets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeLayer:
    """A layer or model and the call that made it.

    Attributes:
        name: its name in Keras.
        kind: the name of its class.
        site: the call.
        own: the innermost call on the way that made no other layer of its model: the call itself, or that of a function
            of the user's; None if there is none, as in a loop.
    """

    name: str
    kind: str
    site: Site
    own: Site | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A call of ``compile``, and the name of the model."""

    model: str
    site: Site


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic and the user's lines that led to it, the innermost first."""

    diagnostic: Diagnostic
    stops: tuple[Stop, ...] = ()

    @property
    def kind(self) -> tuple[str, str, str]:
        """The code, its subject and what is said, less the numbers."""
        said = _NUMBERS.sub("", self.diagnostic.headline)
        return self.diagnostic.code, self.diagnostic.where.what, said

    @property
    def key(self) -> tuple[str, str]:
        """The code and what is said."""
        return self.diagnostic.code, self.diagnostic.headline

    @property
    def is_of_validation(self) -> bool:
        """True if it is about the validation data."""
        return self.diagnostic.headline.lower().startswith("validation")


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception that is no contract's.

    Attributes:
        text: its last line.
        is_in_keras: True if it was raised in Keras or TensorFlow.
        stops: the user's lines that led to it.
    """

    text: str
    is_in_keras: bool
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run told.

    Attributes:
        errors: what strict mode refused.
        warnings: what it warned of.
        layers: the layers that existed then.
        compiled: the calls of ``compile``, in order.
        crash: the exception that ended it, if it is no contract's.
        files: the user's files that were loaded.
        is_cut: True if it ran until its time was up.
    """

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    layers: tuple[MadeLayer, ...] = ()
    compiled: tuple[Compiled, ...] = ()
    crash: Crash | None = None
    files: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors, then warnings."""
        return (*self.errors, *self.warnings)
