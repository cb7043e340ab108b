"""How what was found in a model is said: raised, or warned of, less what the user allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from typedlayers.bridge import source
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.enforce.allow import is_allowed
from typedlayers.errors import ContractError
from typedlayers.layers._state import State
from typedlayers.modes import Level, Mode


def say_all(errors: list[Diagnostic], warned: list[Diagnostic], mode: Mode, allowed: frozenset[str]) -> None:
    """Raises the errors, or warns, less what the user allowed.

    Raises:
        ContractError: with all errors; with the warnings too where the mode promotes them.
    """
    if mode.warnings is Level.ERROR:
        errors, warned = errors + warned, []
    errors = [d for d in errors if not is_allowed(d, allowed)]
    warned = [d for d in warned if not is_allowed(d, allowed)]
    if errors:
        raise ContractError(errors)
    if warned:
        source.warn(warned)


def unsaid(state: State, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yields the diagnostics that were not told of a layer or model before, and notes them: warnings are told once."""
    for one in diagnostics:
        if (key := f"{one.code} {one.headline}") not in state.told:
            state.told.add(key)
            yield one
