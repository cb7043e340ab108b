"""The one boundary between our faults and the user's program.

A check that fails unexpectedly never breaks a training: it becomes one warning, TL901, and the program runs on
unchecked. In our own tests the fault is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from typedlayers.diagnostics.codes import UnknownRule
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.errors import ContractError, faults_are_raised
from typedlayers.verdict import source

T = TypeVar("T")


def guarded(label: str, check: Callable[[], T]) -> T | None:
    """Returns the result of a check; None, with a warning, if it failed unexpectedly.

    Args:
        label: the checked object, in the user's names.
        check: code of ours; nothing of the user's runs in it.

    Raises:
        ContractError: as the check raised it.
        UnknownRule: if the user named a rule that does not exist.
    """
    try:
        return check()
    except (ContractError, UnknownRule):
        raise
    except Exception as error:
        if faults_are_raised():
            raise
        diagnostic = Diagnostic(
            "TL901",
            f"a check of {label} failed in typedlayers itself; it runs on unchecked",
            where=Location(what=label),
            why=f"{type(error).__name__}: {error}",
        )
        source.warn([diagnostic])
        return None
