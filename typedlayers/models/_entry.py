"""A model's entry: its mode, its named dimensions, what it takes in, and the repairs made there."""

from __future__ import annotations

from typing import Any, Final

from typedlayers.adapters.eager import repaired
from typedlayers.bridge import source
from typedlayers.bridge.data import Batch, range_of
from typedlayers.checker.dataset import Intake, check_data
from typedlayers.checker.graph import Node
from typedlayers.checker.ledger import Entry
from typedlayers.diagnostics.model import Diagnostic, Fix, Repair
from typedlayers.enforce.allow import is_allowed
from typedlayers.enforce.plan import after
from typedlayers.errors import ContractError
from typedlayers.models._state import ModelState
from typedlayers.modes import Action, Level, Mode
from typedlayers.spec import Range, RangeClass, Spec

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


def judge_range(state: ModelState, intake: Intake, node: Node, seen: Range | None, spec: Spec, mode: Mode) -> None:
    """Judges the values of raw ``uint8`` images by what the first weights suppose; plans the repair at the entry.

    Raises:
        ContractError: TL401 in strict mode, if bytes above 1 reach the weights of an image layer.
    """
    if seen is None or seen.family is not RangeClass.BYTES or state.scale is not None:
        return
    wanted = state.trained_on
    unknown = not node.fresh and wanted not in FACTORS
    if wanted is RangeClass.BYTES or (unknown and mode.rescale is not Action.REPAIR):
        return
    family = wanted if wanted in FACTORS else RangeClass.UNIT
    scale, offset = FACTORS[family]
    repair = Repair("rescale", dtype=intake.spec.dtype, scale=scale, offset=offset)
    diagnostic = _raw_bytes(intake, node, seen, spec, repair)
    if is_allowed(diagnostic, state.allowed | node.allowed):
        return
    if unknown:
        source.warn([_unsafe(diagnostic)])
        return
    if mode.rescale is Action.REPAIR:
        state.scale = repair
        state.ledger.add(
            Entry(
                repair,
                f"input of {intake.label}",
                intake.where,
                diagnostic.headline,
                diagnostic.code,
                spec,
                after(repair, spec),
            )
        )
        return
    errors, warned = ([diagnostic], []) if mode.rescale is Action.ERROR else ([], [diagnostic])
    say_all(errors, warned, mode, state.allowed)


def _raw_bytes(intake: Intake, node: Node, seen: Range, spec: Spec, repair: Repair) -> Diagnostic:
    return Diagnostic(
        "TL401",
        f"raw bytes {seen.low:g}..{seen.high:g} from {intake.who} reach the weights of {node.subject.label}",
        where=node.subject.where,
        gets=str(spec),
        needs="values around 0 to 1, which the initial weights are made for",
        why=f"every step from the input of {intake.label} to {node.subject.label} keeps the values as they came",
        fixes=(
            Fix(f"layers.Rescaling(1 / 255) before {node.subject.short}", repair),
            Fix("in the dataset: ds.map(lambda x, y: (tf.cast(x, tf.float32) / 255, y))"),
        ),
        lenient=repair,
    )


def _unsafe(diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.with_(
        code="TL801",
        headline=f"{diagnostic.headline}; they were only cast",
        why="the weights were trained, loaded or set before, perhaps on bytes: a factor would be a guess",
        lenient=None,
    )


def adapted(state: ModelState, x: Any) -> Any:
    """Returns a model's input as its layers need it: raw bytes scaled, everything else as it came."""
    scale = state.scale
    if scale is None or str(getattr(getattr(x, "dtype", None), "name", getattr(x, "dtype", None))) != "uint8":
        return x
    return repaired(scale, x)


def seen_range(batch: Batch) -> Range | None:
    """The range of values that can be looked at without drawing anything."""
    return None if batch.values is None else range_of(batch.values)
