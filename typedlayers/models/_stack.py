"""The methods of a Sequential that change its stack: the chain is checked before Keras builds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import declare_inputs, mark_made
from typedlayers.bridge.inputs import input_dtype
from typedlayers.bridge.layer_state import state_of
from typedlayers.bridge.members import has_own_call, own_layers
from typedlayers.bridge.misuse import refused_call
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import input_layer, set_stack, stack_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.diagnostics.model import Diagnostic
from typedlayers.errors import ContractError
from typedlayers.models._chain import check_chain
from typedlayers.models._examine import batch_of_data, input_origin
from typedlayers.models._made import check_made
from typedlayers.models._methods import Method, stands_for
from typedlayers.modes import Checking, Mode
from typedlayers.rules.custom import call_arguments
from typedlayers.spec import Carrier, Spec
from typedlayers.verdict.boundary import guarded
from typedlayers.verdict.gate import judge
from typedlayers.verdict.source import called_by_user


@stands_for
def add(inherited: Method) -> Method:
    """``Sequential.add``: a layer that does not fit is taken off again."""

    def add(self: Any, layer: Any, *rest: Any, **named: Any) -> None:
        before = stack_of(self)
        try:
            inherited(self, layer, *rest, **named)
        except ValueError:
            set_stack(self, before)
            raise

    return add


@stands_for
def build(inherited: Method) -> Method:
    """``Sequential.build``: the whole chain is checked before a weight is made."""

    def build(self: Any, input_shape: Any = None) -> None:
        shape = _single_shape(input_shape)
        state = model_state(self)
        state.taken.clear()
        with state.own_run.entered(state.mode) as mode:
            checks = mode.checking is Checking.ON and not (state.by_package and not called_by_user())
            given = input_layer(self)
            contradicts = given is not None and shape_of(given.batch_shape) != shape  # Keras's own message is clear
            if checks and shape is not None and self.layers and not contradicts:
                shape = shape if given is not None else (batch_of_data(self, shape), *shape[1:])
                spec = Spec(input_dtype(self), shape, Carrier.INPUT, origin=input_origin(self))
                guarded(label_of(self), lambda: check_chain(self, spec, mode))
            own_layers(self)  # so that what is only found as Keras builds has its place
            try:
                inherited(self, input_shape)
            except ValueError as error:
                if checks:
                    _explain_call(self, mode, error)
                raise
            if checks:
                check_made(self, mode)
        own_layers(self)  # those that were made meanwhile
        declare_inputs(self)
        mark_made(self)

    return build


def _explain_call(model: Any, mode: Mode, error: ValueError) -> None:
    """Explains what Keras says of a layer that cannot be called on one tensor alone.

    Raises:
        ContractError: from what Keras raised.
    """
    if not isinstance(error.__context__, TypeError):
        return
    found = guarded(label_of(model), lambda: _refused(model)) or []
    verdict = judge(found, mode)
    if verdict.errors:
        raise ContractError(verdict.errors, origin=error) from error


def _refused(model: Any) -> list[Diagnostic]:
    """What is said of the first layer whose ``call`` does not take one argument."""
    for layer in model.layers:
        state, own = state_of(layer), has_own_call(type(layer))
        refused = refused_call(layer, (None,), {}, own=own)
        if refused is not None:
            where = refused.where if own or state is None else state.location(refused.label)
            return list(call_arguments.find(replace(refused, where=where, chain=label_of(model))))
    return []


def _single_shape(shape: Any) -> tuple[int | None, ...] | None:
    if not isinstance(shape, tuple | list) or not all(s is None or isinstance(s, int) for s in shape):
        return None
    return tuple(shape)
