"""What a run raised, explained: in a loss or metric of the user's, in her step, in an op of a layer.

It reaches the user as the cause of a `ContractError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typedlayers.bridge.backend import failures_of_ops
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.failures import failed_op, failed_step, no_gradient, unlike_optimizer
from typedlayers.bridge.functions import failed_call
from typedlayers.bridge.model_state import model_state
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.errors import ContractError
from typedlayers.facts.calls import UsersCall
from typedlayers.modes import Mode
from typedlayers.rules.custom import failed_op as failed_op_rule
from typedlayers.rules.custom import (
    loss_arguments,
    loss_dtype,
    loss_shapes,
    loss_without_result,
    step_data,
    values_in_trace,
)
from typedlayers.rules.custom import no_gradient as no_gradient_rule
from typedlayers.rules.custom import unlike_optimizer as unlike_optimizer_rule
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge


@dataclass(frozen=True, slots=True)
class Of:
    """What failed: the losses or the metrics of a model, and what they were computed of.

    Attributes:
        kind: ``loss`` or ``metric``.
        y: the targets.
        y_pred: the outputs.
    """

    kind: str
    y: Any
    y_pred: Any


def explain_function(model: Any, mode: Mode, error: BaseException, of: Of) -> None:
    """Explains what a loss or metric of the user's raised, if it can be explained.

    Raises:
        ContractError: from what was raised.
    """
    if isinstance(error, ContractError):
        return
    found = guarded(label_of(model), lambda: _why_it_failed(model, error, of))
    verdict = judge(found or (), mode, model_state(model).allowed)
    if verdict.errors:
        raise ContractError(verdict.errors, origin=error) from error


def _why_it_failed(model: Any, error: BaseException, of: Of) -> list[Diagnostic]:
    call = failed_call(model, error, of.kind, of.y, of.y_pred)
    if call is None:
        return []
    asked = UsersCall(label=call.label, where=call.where, failed=call.failed)
    found = [
        *loss_without_result.find(call),
        *loss_arguments.find(call),
        *values_in_trace.find(asked),
        *loss_dtype.find(call),
    ]
    return found or list(loss_shapes.find(call))


def explain_run(model: Any, mode: Mode, error: BaseException) -> None:
    """Explains what a run of the trainer raised, if it can be explained.

    Raises:
        ContractError: from what was raised.
    """
    found = guarded(label_of(model), lambda: _why_the_run_failed(model, error))
    verdict = judge(found or (), mode, model_state(model).allowed)
    if verdict.errors:
        raise ContractError(verdict.errors, origin=error) from error


def _why_the_run_failed(model: Any, error: BaseException) -> list[Diagnostic]:
    step = failed_step(model, error)
    if step is not None:
        return list(step_data.find(step))
    loss = no_gradient(model, error)
    if loss is not None:
        return list(no_gradient_rule.find(loss))
    optimizer = unlike_optimizer(model, error)
    if optimizer is not None:
        return list(unlike_optimizer_rule.find(optimizer))
    op = failed_op(model, error) if isinstance(error, failures_of_ops()) else None
    return [] if op is None else list(failed_op_rule.find(op))
