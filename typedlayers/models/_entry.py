"""A model's entry: its mode, its named dimensions, what it takes in, and the repairs made there."""

from __future__ import annotations

from typing import Final

from typedlayers.bridge import source
from typedlayers.bridge.data import Batch
from typedlayers.checker.dataset import Intake, check_data
from typedlayers.checker.ledger import Entry
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.enforce.allow import is_allowed
from typedlayers.enforce.plan import after
from typedlayers.errors import ContractError
from typedlayers.models._state import ModelState
from typedlayers.modes import Action, Level, Mode
from typedlayers.spec import RangeClass, Spec

FACTORS: Final = {RangeClass.UNIT: (1 / 255, 0.0), RangeClass.SIGNED_UNIT: (1 / 127.5, -1.0)}
"""Scale and offset that bring bytes 0..255 into a class of range."""


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


def judge_data(state: ModelState, intake: Intake, batch: Batch, mode: Mode) -> bool:
    """Checks data against a model's input.

    Returns:
        Whether nothing was found.

    Raises:
        ContractError: if they do not fit and the mode does not repair it.
    """
    if not isinstance(batch.x, Spec):
        return True
    found = check_data(intake, batch.x, batch.what)
    if found is None:
        return True
    if is_allowed(found, state.allowed):
        return False
    repair = found.lenient
    action = Action.ERROR if repair is None else mode.action(repair.kind)
    if action is Action.REPAIR and repair is not None:
        state.ledger.add(
            Entry(
                repair,
                f"input of {intake.label}",
                intake.where,
                found.headline,
                found.code,
                batch.x,
                after(repair, batch.x),
            )
        )
        return True
    say_all([found], [], mode, state.allowed) if action is Action.ERROR else say_all([], [found], mode, state.allowed)
    return False
