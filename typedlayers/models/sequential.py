"""`Sequential`: Keras's, with its chain, its data and its first batch checked before a step runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import keras

from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.source import user_line
from typedlayers.bridge.stack import input_layer, set_stack, stack_of
from typedlayers.bridge.tensors import shape_of
from typedlayers.layers._boundary import guarded
from typedlayers.layers._scope import named_as_in_keras, restored
from typedlayers.layers._state import STATE
from typedlayers.models._chain import belongs_to, check_chain, input_dtype, input_origin, weights_changed
from typedlayers.models._entry import ModelState, adapted, model_state
from typedlayers.models._intake import admit, admit_validation
from typedlayers.models.probe import with_look
from typedlayers.modes import Checking, Mode, ModeLike, as_mode
from typedlayers.spec import Carrier, Spec


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
        state = model_state(self)
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
        state = model_state(self)
        state.taken.clear()
        with state.own_run.entered(state.mode) as mode:
            given = input_layer(self)
            contradicts = given is not None and shape_of(given.batch_shape) != shape  # Keras's own message is clear
            if mode.checking is Checking.ON and shape is not None and self.layers and not contradicts:
                # A batch size that merely came with the first data is no part of the contract.
                shape = shape if given is not None else (None, *shape[1:])
                spec = Spec(input_dtype(self), shape, Carrier.INPUT, origin=input_origin(self))
                guarded(label_of(self), lambda: check_chain(self, spec, mode))
            belongs_to(self)  # so that what is only found as Keras builds has its place
            super().build(input_shape)
        belongs_to(self)  # those that were made meanwhile

    # -------------------------------------------------------------------------------- entry methods
    def _entered(self) -> AbstractContextManager[Mode]:
        state = model_state(self)
        state.pending = None
        return state.own_run.entered(state.mode)

    @functools.wraps(keras.layers.Layer.__call__)
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        state = model_state(self)
        inside = state.own_run.active is not None
        with state.own_run.entered(state.mode) as mode:
            if mode.checking is Checking.ON and args:
                if not inside:
                    admit(self, args[0], None, mode)
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
                admit(self, x, y, mode, trains=True)
                if validation_data is not None:
                    admit_validation(self, validation_data, mode)
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
            weights_changed(self)
            return history

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
                admit(self, x, y, mode)
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
                admit(self, x, None, mode)
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
                admit(self, x, y, mode, trains=model_state(self).fresh)
            logs = super().train_on_batch(
                x, y, sample_weight=sample_weight, class_weight=class_weight, return_dict=return_dict
            )
            if model_state(self).fresh:
                weights_changed(self)
            return logs

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: Any = False) -> Any:
        """Evaluates one batch as ``keras.Model.test_on_batch``, after checking it.

        Raises:
            ContractError: if the batch does not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                admit(self, x, y, mode)
            return super().test_on_batch(x, y, sample_weight=sample_weight, return_dict=return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Predicts one batch as ``keras.Model.predict_on_batch``, after checking it.

        Raises:
            ContractError: if the batch does not fit.
        """
        with self._entered() as mode:
            if mode.checking is Checking.ON:
                admit(self, x, None, mode)
            return super().predict_on_batch(x)

    def set_weights(self, weights: Any) -> None:
        """Sets the weights as ``keras.Model.set_weights``; what they were made for is then unknown."""
        super().set_weights(weights)
        weights_changed(self)

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
        state = model_state(self)
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


named_as_in_keras(Sequential, "keras")


# ------------------------------------------------------------------------------------------- its parts
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
