"""`Sequential`: Keras's, with its chain, its data and its first batch checked before a step runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import keras

from typedlayers.adapters.nodes import layer_for
from typedlayers.bridge.chain import chain_of
from typedlayers.bridge.contracts import catalogue_contract, label_of, resolve_catalogue
from typedlayers.bridge.data import Batch, batch_of, range_of, signature_of
from typedlayers.bridge.source import user_line
from typedlayers.bridge.stack import inner_layers, input_layer, set_stack, stack_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.checker.adjacency import Walk, reaches_weights_raw, walk
from typedlayers.checker.dataset import Intake
from typedlayers.checker.graph import Chain
from typedlayers.checker.ledger import Entry
from typedlayers.contracts.contract import Resolved
from typedlayers.diagnostics.model import Diagnostic, Location
from typedlayers.layers._boundary import guarded
from typedlayers.layers._contract import contract_for, names_of
from typedlayers.layers._scope import named_as_in_keras, restored
from typedlayers.layers._state import SEEN_MOST, STATE, state_of
from typedlayers.models._entry import ModelState, adapted, judge_data, judge_range, say_all, seen_range
from typedlayers.models.probe import with_look
from typedlayers.modes import Checking, Mode, ModeLike, as_mode
from typedlayers.spec import Carrier, Origin, RangeClass, Spec


class Sequential(keras.Sequential):
    """``keras.Sequential`` whose layers, data and first batch are checked against their contracts.

    Args:
        layers: list of layers, as for ``keras.Sequential``.
        trainable: as for ``keras.Sequential``.
        name: as for ``keras.Sequential``.
        mode: ``"strict"``, ``"lenient"``, ``"off"`` or a `typedlayers.Mode`; by default the mode in force.
        dims: sizes of named dimensions that hold in every annotation of the user's own layers; ``None`` for a
            name whose size is the same everywhere but not known.

    Raises:
        ContractError: with every mismatch of the chain, before a weight is made.
        ValueError: if there is no such mode.

    >>> import typedlayers as tl
    >>> model = tl.Sequential([tl.Input((28, 28)), tl.layers.Flatten(), tl.layers.Dense(10)], name="digits")
    >>> model.output_shape
    (None, 10)
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Remembers the user's line."""
        own = {key: value for key, value in kwargs.items() if key not in ("mode", "dims")}
        model = super().__new__(cls, *args, **own)
        object.__setattr__(model, STATE, ModelState(user_line()))
        return model

    def __init__(
        self,
        layers: Any = None,
        trainable: bool = True,
        name: str | None = None,
        *,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
    ) -> None:
        state = _state(self)
        state.mode = None if mode is None else as_mode(mode, source="Sequential(mode=)")
        state.dims = _sizes(dims or {})
        super().__init__(layers, trainable=trainable, name=name)

    # ------------------------------------------------------------------------------------- building
    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Adds a layer, as ``keras.Sequential.add``; a layer that does not fit is taken off again.

        Raises:
            ContractError: if the chain does not fit.
        """
        before = stack_of(self)
        try:
            super().add(layer, rebuild)
        except ValueError:
            set_stack(self, before)
            raise

    def build(self, input_shape: Any = None) -> None:
        """Checks the whole chain, then builds it as ``keras.Sequential.build``.

        Raises:
            ContractError: with every mismatch of the chain, before a weight is made.
        """
        shape = _single_shape(input_shape)
        state = _state(self)
        state.taken.clear()
        with state.own_run.entered(state.mode) as mode:
            given = input_layer(self)
            contradicts = given is not None and shape_of(given.batch_shape) != shape  # Keras's own message is clear
            if mode.checking is Checking.ON and shape is not None and self.layers and not contradicts:
                # A batch size that merely came with the first data is no part of the contract.
                shape = shape if given is not None else (None, *shape[1:])
                spec = Spec(self._input_dtype(), shape, Carrier.INPUT, origin=self._input_origin())
                guarded(label_of(self), lambda: self._check_chain(spec, mode))
            super().build(input_shape)
        for layer in inner_layers(self):
            inner = state_of(layer)
            if inner is not None and layer is not self:
                inner.run, inner.shared = state.own_run, state.names(label_of(self))
                inner.forget()

    def _check_chain(self, spec: Spec, mode: Mode) -> None:
        state, found = _state(self), self._walk(spec, mode)
        say_all(list(found.errors), [*found.warnings, *self._unused_names()], mode, state.allowed)
        self._insert(found)

    def _unused_names(self) -> list[Diagnostic]:
        """A warning for names of ``dims=`` that no annotation has."""
        state = _state(self)
        contracts = [_resolved(layer) for layer in inner_layers(self)]
        used = frozenset[str]().union(*(names_of(c) for c in contracts if c is not None and c.own))
        unused = sorted(set(state.dims) - used)
        if not unused:
            return []
        label = label_of(self)
        known = (
            f"the annotations of its layers have {', '.join(sorted(used))}" if used else "no layer of it is annotated"
        )
        headline = f"dims= of {label} names {', '.join(unused)}, which no annotation has"
        return [Diagnostic("TL105", headline, state.location(label), why=known)]

    def _walk(self, spec: Spec, mode: Mode) -> Walk:
        state = _state(self)
        return walk(self._chain(), spec, mode, state.names(label_of(self)), frozenset(state.dims))

    def _chain(self) -> Chain:
        return chain_of(self, self.layers, _resolved, _where, _allowed, _fresh)

    def _insert(self, found: Walk) -> None:
        """Puts the planned repairs into the stack, as layers of plain Keras, so that every artefact keeps them."""
        state, label = _state(self), label_of(self)
        stack = stack_of(self)
        skip = len(stack) - len(self.layers)
        for insertion in reversed(found.insertions):
            target = self.layers[insertion.index]
            name = f"{target.name}_{insertion.repair.kind}"
            layer = layer_for(insertion.repair, insertion.before, name)
            stack.insert(skip + insertion.index, layer)
        for insertion in found.insertions:
            target = self.layers[insertion.index]
            state.ledger.add(
                Entry(
                    insertion.repair,
                    f'before "{target.name}" in {label}',
                    insertion.why.where,
                    insertion.why.headline,
                    insertion.why.code,
                    insertion.before,
                    insertion.after,
                )
            )
        if found.insertions:
            set_stack(self, stack)

    # ------------------------------------------------------------------------------- the input and data
    def _input_dtype(self) -> str:
        given = input_layer(self)
        return self.layers[0].compute_dtype if given is None else given.dtype

    def _input_origin(self) -> Origin | None:
        given = input_layer(self)
        return None if given is None else Origin(f'Input "{given.name}"')

    def _intake(self) -> Intake:
        """What the model takes in, as far as it is known; the batch is never a part of it."""
        state, label, given = _state(self), label_of(self), input_layer(self)
        made = "" if state.site is None else f", made at line {state.site[1]}"
        where = Location(*(user_line() or (None, None)), label, f"given to {label}{made}")
        first = self.layers[0]
        shape = None if given is None else shape_of(given.batch_shape)
        spec = Spec(self._input_dtype(), None if shape is None else (None, *shape[1:]))
        name = None if given is None or _is_automatic(given) else given.name
        return Intake(label, name, label_of(first), spec, where, first.variable_dtype)

    def _admit(self, x: Any, y: Any, mode: Mode, *, trains: bool = False) -> None:
        """Checks what the model is given, unless nothing was found in data of the same signature.

        Raises:
            ContractError: if it does not fit.
        """
        taken, parts = _state(self).taken, (signature_of(x), signature_of(y))
        key = (mode, trains, *parts)
        if key in taken:
            return
        settled = guarded(label_of(self), lambda: self._take(batch_of(x, y), mode, trains=trains))
        if settled and None not in parts:
            if len(taken) >= SEEN_MOST:
                taken.clear()
            taken.add(key)

    def _take(self, batch: Batch, mode: Mode, *, trains: bool = False) -> bool:
        """Checks what the model is given, before Keras sees it.

        Returns:
            Whether data of the same signature need not be looked at again.

        Raises:
            ContractError: if it does not fit.
        """
        state = _state(self)
        if batch.x is None or not self.layers:
            return False
        intake = self._intake()
        fits = judge_data(state, intake, batch, mode)
        spec = self._first_spec(intake, batch.x)
        found = self._walk(spec, mode)
        if not self.built:
            say_all(list(found.errors), list(found.warnings), mode, state.allowed)
        settled = self._judge_values(batch, found, intake, mode, trains=trains)
        return fits and settled

    def _first_spec(self, intake: Intake, x: Spec) -> Spec:
        """What reaches the first layer: the input as declared, or as the data are, in the dtype Keras casts to."""
        if intake.spec.shape is not None:
            return intake.spec.with_(carrier=Carrier.INPUT, origin=self._input_origin())
        shape = None if x.shape is None else (None, *x.shape[1:]) if x.shape else x.shape
        return Spec(intake.spec.dtype, shape, Carrier.INPUT, origin=Origin("the data"))

    def _judge_values(self, batch: Batch, found: Walk, intake: Intake, mode: Mode, *, trains: bool) -> bool:
        """Judges the range of image inputs now, or plans a look at the first batch.

        Returns:
            Whether the values of other batches cannot matter.
        """
        state, spec = _state(self), batch.x
        if spec is None or found.errors:
            return True
        chain = self._chain()
        start = spec if spec.shape is None else spec.with_(shape=(None, *spec.shape[1:]))
        node = reaches_weights_raw(chain, (start, *found.specs[1:]))
        if node is None:
            return True

        def judge(seen: Any) -> None:
            before = state.scale
            if spec.dtype == "uint8":
                judge_range(state, intake, node, seen, spec, mode)
            if state.scale is not before:
                self._trace_anew()
            if trains and seen is not None and state.trained_on is None and node.fresh:
                state.trained_on = RangeClass.UNIT if state.scale is not None and spec.dtype == "uint8" else seen.family

        if batch.values is not None:
            judge(seen_range(batch))
        elif spec.carrier is Carrier.DATASET and (spec.dtype == "uint8" or trains):
            state.pending = lambda drawn: guarded(label_of(self), lambda: judge(range_of(_input_of(drawn))))
        return spec.dtype != "uint8" or state.scale is not None

    # -------------------------------------------------------------------------------- entry methods
    def _entered(self) -> AbstractContextManager[Mode]:
        state = _state(self)
        state.pending = None
        return state.own_run.entered(state.mode)

    @functools.wraps(keras.layers.Layer.__call__)
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        state = _state(self)
        inside = state.own_run.active is not None
        with state.own_run.entered(state.mode) as mode:
            if mode.checking is Checking.ON and args:
                if not inside:
                    self._admit(args[0], None, mode)
                args = (adapted(state, args[0]), *args[1:])
            return super().__call__(*args, **kwargs)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        epochs: Any = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: Any = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: Any = 0,
        steps_per_epoch: Any = None,
        validation_steps: Any = None,
        validation_batch_size: Any = None,
        validation_freq: Any = 1,
    ) -> Any:
        """Trains as ``keras.Model.fit``, after checking data against the model.

        Raises:
            ContractError: if data and model do not fit; before the first step.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                self._admit(x, y, mode, trains=True)
                if validation_data is not None:
                    guarded(label_of(self), lambda: self._take_validation(validation_data, mode))
            history = super().fit(
                x,
                y,
                batch_size=batch_size,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_split=validation_split,
                validation_data=validation_data,
                shuffle=shuffle,
                class_weight=class_weight,
                sample_weight=sample_weight,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_batch_size=validation_batch_size,
                validation_freq=validation_freq,
            )
            _weights_changed(self)
            return history

    def _take_validation(self, data: Any, mode: Mode) -> None:
        batch = batch_of(*data[:2]) if isinstance(data, list | tuple) and data else batch_of(data)
        pending = _state(self).pending
        self._take(Batch(batch.x, batch.y, f"validation {batch.what.removeprefix('the ')}", batch.values), mode)
        _state(self).pending = pending

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: Any = None,
        callbacks: Any = None,
        return_dict: Any = False,
        **kwargs: Any,
    ) -> Any:
        """Evaluates as ``keras.Model.evaluate``, after checking data against the model.

        Raises:
            ContractError: if data and model do not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON and not kwargs:
                self._admit(x, y, mode)
            return super().evaluate(
                x,
                y,
                batch_size=batch_size,
                verbose=verbose,
                sample_weight=sample_weight,
                steps=steps,
                callbacks=callbacks,
                return_dict=return_dict,
                **kwargs,
            )

    def predict(
        self, x: Any, batch_size: Any = None, verbose: Any = "auto", steps: Any = None, callbacks: Any = None
    ) -> Any:
        """Predicts as ``keras.Model.predict``, after checking data against the model.

        Raises:
            ContractError: if data and model do not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                self._admit(x, None, mode)
            return super().predict(x, batch_size=batch_size, verbose=verbose, steps=steps, callbacks=callbacks)

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: Any = False
    ) -> Any:
        """Trains on one batch as ``keras.Model.train_on_batch``, after checking it.

        Raises:
            ContractError: if the batch does not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                self._admit(x, y, mode, trains=_state(self).fresh)
            logs = super().train_on_batch(
                x, y, sample_weight=sample_weight, class_weight=class_weight, return_dict=return_dict
            )
            if _state(self).fresh:
                _weights_changed(self)
            return logs

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: Any = False) -> Any:
        """Evaluates one batch as ``keras.Model.test_on_batch``, after checking it.

        Raises:
            ContractError: if the batch does not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                self._admit(x, y, mode)
            return super().test_on_batch(x, y, sample_weight=sample_weight, return_dict=return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Predicts one batch as ``keras.Model.predict_on_batch``, after checking it.

        Raises:
            ContractError: if the batch does not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                self._admit(x, None, mode)
            return super().predict_on_batch(x)

    def set_weights(self, weights: Any) -> None:
        """Sets the weights as ``keras.Model.set_weights``; what they were made for is then unknown."""
        super().set_weights(weights)
        _weights_changed(self)

    def __reduce__(self) -> Any:
        """Pickles and copies through Keras's own format; what comes back is typed."""
        return restored, super().__reduce__()[1]

    # ---------------------------------------------------------------------------- the first real batch
    def make_train_function(self, force: bool = False) -> Any:
        """Makes the step function as Keras does; a look at the first batch goes before it if one is planned."""
        super().make_train_function(force)
        self._look_first("train_function", super().make_train_function)
        return self.train_function

    def make_test_function(self, force: bool = False) -> Any:
        """As `make_train_function`, for ``evaluate``."""
        super().make_test_function(force)
        self._look_first("test_function", super().make_test_function)
        return self.test_function

    def make_predict_function(self, force: bool = False) -> Any:
        """As `make_train_function`, for ``predict``."""
        super().make_predict_function(force)
        self._look_first("predict_function", super().make_predict_function)
        return self.predict_function

    def _look_first(self, attribute: str, make: Callable[[], Any]) -> None:
        state = _state(self)
        look, state.pending = state.pending, None
        if look is None:
            return
        made = getattr(self, attribute)

        def function() -> Any:
            if getattr(self, attribute) is None:  # the look planned a repair: what was traced lacks it
                make()
            else:
                setattr(self, attribute, made)
            return getattr(self, attribute)

        setattr(self, attribute, with_look(look, self.steps_per_execution or 1, function))

    def _trace_anew(self) -> None:
        """Drops the step functions: a repair at the entry was planned that traced ones lack."""
        self.train_function = self.test_function = self.predict_function = None


named_as_in_keras(Sequential, "keras")


# ------------------------------------------------------------------------------------------- its parts
def _state(model: Any) -> ModelState:
    return model.__dict__[STATE]


def _sizes(dims: Mapping[str, int | None]) -> Mapping[str, int | None]:
    for name, size in dims.items():
        valid = isinstance(name, str) and name.isidentifier()
        if not valid or not (size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0)):
            raise ValueError(
                f"dims={{{name!r}: {size!r}}}: a dimension's name and its size (an integer, or None) are needed"
            )
    return dict(dims)


def _single_shape(shape: Any) -> tuple[int | None, ...] | None:
    if not isinstance(shape, tuple | list) or not all(s is None or isinstance(s, int) for s in shape):
        return None
    return tuple(shape)


def _is_automatic(layer: Any) -> bool:
    """Whether Keras named an input layer itself."""
    return layer.name.startswith("input_layer")


def _resolved(layer: Any) -> Resolved | None:
    """A layer's contract: a typed layer's own, the catalogue's for a plain one."""
    state = state_of(layer)
    if isinstance(state, ModelState):
        return None
    if state is not None:
        state.refresh(layer.input_spec)
        return contract_for(layer, state)
    contract = catalogue_contract(type(layer))
    return None if contract is None else resolve_catalogue(layer, contract)


def _where(layer: Any) -> Location:
    state = state_of(layer)
    file, line = (state.site if state is not None else None) or (None, None)
    return Location(file, line)


def _allowed(layer: Any) -> frozenset[str]:
    state = state_of(layer)
    return frozenset() if state is None else state.allowed


def _fresh(layer: Any) -> bool:
    """Whether a layer's weights are as their initializers made them; of a plain layer nothing is known once built."""
    state = state_of(layer)
    return not layer.built if state is None else state.fresh


def _weights_changed(model: Any) -> None:
    _state(model).fresh = False
    for layer in inner_layers(model):
        state = state_of(layer)
        if state is not None:
            state.fresh = False


def _input_of(drawn: Any) -> Any:
    """The input in a batch as a data source gave it: ``(x, y)``, ``(x, y, w)`` or ``x``."""
    while isinstance(drawn, list | tuple) and drawn:
        drawn = drawn[0]
    return drawn
