"""The methods of a Sequential that change its stack: the chain is checked before Keras builds it."""

from __future__ import annotations

from typing import Any

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import declare_inputs, mark_made
from typedlayers.bridge.inputs import input_dtype
from typedlayers.bridge.members import own_layers
from typedlayers.bridge.model_state import model_state
from typedlayers.bridge.stack import input_layer, set_stack, stack_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.models._chain import check_chain
from typedlayers.models._examine import batch_of_data, input_origin
from typedlayers.models._made import check_made
from typedlayers.models._methods import Method, stands_for
from typedlayers.modes import Checking
from typedlayers.spec import Carrier, Spec
from typedlayers.verdict.boundary import guarded
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
            inherited(self, input_shape)
            if checks:
                check_made(self, mode)
        own_layers(self)  # those that were made meanwhile
        declare_inputs(self)
        mark_made(self)

    return build


def _single_shape(shape: Any) -> tuple[int | None, ...] | None:
    if not isinstance(shape, tuple | list) or not all(s is None or isinstance(s, int) for s in shape):
        return None
    return tuple(shape)
