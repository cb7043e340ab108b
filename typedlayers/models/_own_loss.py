"""A loss of Keras's that the user's own loop or step calls on the direct output of a model: judged as compile's is.

Only `typedlayers.install` puts this into Keras: a loss is Keras's object, and knows nothing of the model.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any, Final

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.data import drawn_batch, signature_of
from typedlayers.bridge.evidence import model_evidence
from typedlayers.bridge.layer_state import SEEN_MOST
from typedlayers.bridge.losses import loss_facts
from typedlayers.bridge.made_by import made_by
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.traced import losses_in_loop
from typedlayers.catalogue.losses import LOSSES, Family, LossFacts
from typedlayers.diagnostics.edit import Loss, LossArgument
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.facts.calls import LossCall
from typedlayers.facts.evidence import Evidence, Origin, Use
from typedlayers.facts.training import OutputTraining, Training
from typedlayers.modes import Checking, Mode, of_run
from typedlayers.rules.custom import exchanged_targets
from typedlayers.rules.engine import findings
from typedlayers.rules.table import rules
from typedlayers.rules.targets.pair import OUTPUTS
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import tell
from typedlayers.verdict.source import is_of_package


def loss_call(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """``Loss.__call__``: targets and loss are checked before it is computed, once per signature."""

    @functools.wraps(inherited)
    def __call__(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        made = made_by(y_pred)
        if made is not None:
            _check(self, *made, y_true, y_pred, sample_weight)
        return inherited(self, y_true, y_pred, sample_weight)

    return __call__


def check_loop(model: Any, mode: Mode) -> None:
    """Judges the losses of the function of the user's that calls a model now, as far as its lines tell.

    Raises:
        ContractError: with what is wrong.
    """
    if hasattr(keras.losses.Loss.__call__, "__wrapped__"):
        return  # installed: each loss is judged as it is called

    def looked_at() -> None:
        state = model_state(model)
        for loop in losses_in_loop(model):
            facts = loss_facts(loop.loss)
            if facts is None:
                continue
            if loop.swapped and facts.contract.family in _ONE_WAY:
                label = f"the loss of {label_of(model)}"
                call = LossCall(label, Location(loop.at.file, loop.at.number, label), loop.text, loop.swapped)
                tell(list(exchanged_targets.find(call)), mode, state.told, state.allowed)
            elif not loop.swapped:
                found = _found(model, 0, facts, drawn_batch((None, loop.targets, None), "the loop"))
                tell([_of_loop(one) for one in found], mode, state.told, state.allowed)

    guarded(label_of(model), looked_at)


def _of_loop(finding: Diagnostic) -> Diagnostic:
    """A finding whose fixes are lines of a loop, where there is no ``compile`` to change."""
    fixes = (_in_loop(fix) for fix in finding.fixes)
    return finding.with_(repairs=(), fixes=tuple(fix for fix in fixes if fix is not None))


def _in_loop(fix: Fix) -> Fix | None:
    match fix.edits:
        case (Loss(value=value),) if value.strip('"') in LOSSES:
            return Fix(f"keras.losses.{LOSSES[value.strip(chr(34))].cls}() as the loss of the loop")
    return None if any(isinstance(one, Loss | LossArgument) for one in fix.edits) else fix


_ONE_WAY: Final = (Family.BINARY, Family.CATEGORICAL, Family.MARGIN)
"""Losses that are another number if targets and outputs are exchanged, as those of regression need not be."""


def _check(loss: Any, model: Any, index: int, y_true: Any, y_pred: Any, weight: Any) -> None:
    state = model_state(model)
    mode = of_run(state.own_run)
    if mode.checking is not Checking.ON or not _is_called_by_user(sys._getframe(2)) or made_by(y_true) is not None:
        return
    facts = loss_facts(loss)
    if facts is None:
        return
    parts = signature_of(y_true), signature_of(y_pred), signature_of(weight)
    key = ("own loss", mode, index, facts.name, facts.text, facts.ignore_class, facts.smoothing, *parts)
    if key in state.taken:
        return

    def looked_at() -> None:
        found = _found(model, index, facts, drawn_batch((None, y_true, weight), "the loop"))
        tell([one.with_(repairs=()) for one in found], mode, state.told, state.allowed)

    guarded(label_of(model), looked_at)
    if None not in parts and len(state.taken) < SEEN_MOST:  # symbolic tensors have no signature: a trace is checked
        state.taken[key] = None


def _found(model: Any, index: int, facts: LossFacts, batch: Any) -> list[Diagnostic]:
    """What the rules say of one output and its targets; an output whose layer is unknown is left alone."""
    evidence = model_evidence(model, Use.TRAIN_ON_BATCH)
    if evidence.outputs is None or index >= len(evidence.outputs):
        return []
    return findings([rule for rule in rules() if rule.about is OUTPUTS], _with_loss(evidence, index, facts, batch))


def _with_loss(evidence: Evidence, index: int, facts: LossFacts, batch: Any) -> Evidence:
    outputs = evidence.outputs
    assert outputs is not None
    training = Training((OutputTraining(True, facts),))
    known = replace(evidence, outputs=(outputs[index],), compared=True, batch=batch)
    return known.with_facts(Origin.TRACE, training=training)


_BETWEEN: Final = ("typedlayers", "tensorflow", "functools")
"""What may lie between the user's line and the loss: AutoGraph calls it in a traced function."""


def _is_called_by_user(frame: FrameType | None) -> bool:
    """Returns False where Keras computes the loss of ``compile``, or an installed package one of its own."""
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _BETWEEN:
        frame = frame.f_back
    if frame is None:
        return True
    module = frame.f_globals.get("__name__", "").partition(".")[0]
    return module != "keras" and not is_of_package(frame.f_code.co_filename)
