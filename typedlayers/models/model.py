"""`Model`: Keras's, functional or subclassed; its graph, data and first batch are checked before a step runs."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import keras

from typedlayers.archive import model_notes as notes
from typedlayers.archive.scope import named_as_in_keras, restored
from typedlayers.bridge.configs import plain_arguments
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.front import declare_inputs, mark_loaded, mark_made
from typedlayers.bridge.functional import FUNCTIONAL_MODULE, KerasFunctional, show_as_keras
from typedlayers.bridge.kin import Kin, stand_for
from typedlayers.bridge.layer_state import set_state
from typedlayers.bridge.members import own_layers
from typedlayers.bridge.model_state import ModelState, model_state, sizes_of
from typedlayers.bridge.saving import pickled
from typedlayers.layers._typed import make_definable
from typedlayers.models import _methods as methods
from typedlayers.models._export import export
from typedlayers.models._made import check_calls, check_made
from typedlayers.modes import Checking, ModeLike, as_mode, note_wish
from typedlayers.verdict.boundary import contained, guarded
from typedlayers.verdict.source import called_by_package, user_line
from typedlayers.verdict.traceback import ENTRY


class Model(keras.Model, metaclass=Kin):
    """``keras.Model`` whose layers, data, targets and first batch are checked against their contracts.

    ``Model(inputs, outputs)`` is functional, as in Keras; a subclass with ``call`` may annotate it, as a layer may.

    Args:
        *args: as for ``keras.Model``: none, or inputs and outputs.
        mode: ``"strict"``, ``"lenient"``, ``"off"`` or a `typedlayers.Mode`; by default the mode in force.
        dims: sizes of named dimensions that hold in every annotation of the user's own layers; ``None`` for a
            name whose size is the same everywhere but not known.
        **kwargs: as for ``keras.Model``: ``inputs``, ``outputs``, ``name``, ``trainable``.

    Raises:
        ContractError: for a functional model, with every mismatch of its plain layers.
        ValueError: if there is no such mode.

    >>> import typedlayers as tl
    >>> inputs = tl.Input((28, 28, 1), name="image")
    >>> outputs = tl.layers.Dense(10)(tl.layers.Flatten()(inputs))
    >>> tl.Model(inputs, outputs, name="digits").output_shape
    (None, 10)
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Makes a functional model where inputs and outputs are given; remembers the user's line."""
        if cls is Model and _is_functional(args, kwargs):
            return Functional.__new__(Functional)
        model = super().__new__(cls)
        guarded(cls.__name__, lambda: _remember(model, args, kwargs))
        return model

    def __init__(
        self, *args: Any, mode: ModeLike | None = None, dims: Mapping[str, int | None] | None = None, **kwargs: Any
    ) -> None:
        settle(self, mode, dims)
        with ENTRY:
            if _is_functional(args, kwargs):
                _inject(type(self))
                Functional.__init__(self, *args, **kwargs)  # pyright: ignore[reportArgumentType]
            else:
                super().__init__(*args, **kwargs)

    __call__ = methods.call(methods.PLAIN_CALL)
    fit = methods.fit(methods.late(keras.Model, "fit"))
    evaluate = methods.evaluate(methods.late(keras.Model, "evaluate"))
    predict = methods.predict(methods.late(keras.Model, "predict"))
    train_on_batch = methods.train_on_batch(methods.late(keras.Model, "train_on_batch"))
    test_on_batch = methods.test_on_batch(methods.late(keras.Model, "test_on_batch"))
    predict_on_batch = methods.predict_on_batch(methods.late(keras.Model, "predict_on_batch"))
    compute_loss = methods.compute_loss(methods.late(keras.Model, "compute_loss"))
    compute_metrics = methods.compute_metrics(methods.late(keras.Model, "compute_metrics"))
    make_train_function = methods.make_train_function(methods.late(keras.Model, "make_train_function"))
    make_test_function = methods.make_test_function(methods.late(keras.Model, "make_test_function"))
    make_predict_function = methods.make_predict_function(methods.late(keras.Model, "make_predict_function"))
    set_weights = methods.set_weights(methods.late(keras.Model, "set_weights"))
    load_weights = methods.set_weights(methods.late(keras.Model, "load_weights"))

    save = methods.save(methods.late(keras.Model, "save"))
    export = export(methods.late(keras.Model, "export"))

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Returns the model that a config describes; Keras's own layers in it are typed."""
        label = f'{cls.__name__} "{config.get("name", "")}"'
        return notes.rebuilt(label, config, functools.partial(super().from_config, custom_objects=custom_objects))

    def save_assets(self, dir_path: str) -> None:
        """Writes down what a subclassed model remembers; functional ones and Sequentials have it in their config."""
        if type(self) is not Functional:
            notes.write_asset(self, dir_path)

    def load_own_variables(self, store: Any) -> None:
        """Notes that the weights come from a file; what its notes say is of them."""
        super().load_own_variables(store)
        guarded(label_of(self), lambda: mark_loaded(self))

    def load_assets(self, dir_path: str | None) -> None:
        """Reads what `save_assets` wrote."""
        notes.read_asset(self, dir_path)

    def __reduce__(self) -> Any:
        """Pickles and copies through Keras's own format; what comes back is typed."""
        return restored, (pickled(self),)


def _checked_init(inherited: methods.Method) -> methods.Method:
    """``Functional.__init__``: the plain layers are checked, and the model as a whole."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        state = model_state(self)
        with state.own_run.entered(state.mode) as current:
            inherited(self, *args, **kwargs)
            own_layers(self)
            declare_inputs(self)
            mark_made(self)
            if current.checking is Checking.ON:
                check_calls(self, current)
                check_made(self, current)

    return __init__


_make_functional = contained(_checked_init, KerasFunctional.__init__)


class Functional(KerasFunctional, Model, metaclass=Kin):
    """Keras's ``Functional``, which ``Model(inputs, outputs)`` makes, typed."""

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        name: str | None = None,
        *,
        mode: ModeLike | None = None,
        dims: Mapping[str, int | None] | None = None,
        **kwargs: Any,
    ) -> None:
        settle(self, mode, dims)
        with ENTRY:
            _make_functional(self, inputs, outputs, name=name, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Keras's config; with what the model remembers in a key of its own, which plain Keras passes over."""
        config = super().get_config()
        return notes.with_notes(self, config) if type(self) is Functional else config


def _remember(model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Notes the user's line and the arguments that a model is made with."""
    state = ModelState(user_line(), by_package=called_by_package())
    state.given = plain_arguments(type(model), args, kwargs)
    set_state(model, state)


def settle(model: Any, mode: ModeLike | None, dims: Mapping[str, int | None] | None) -> None:
    """Notes the mode and the named dimensions that a model was given.

    Raises:
        ValueError: if there is no such mode, or a dimension's name or size is none.
    """
    if mode is None and dims is None:
        return
    state = model_state(model)
    if mode is not None:
        source = f"{type(model).__name__}(mode=)"
        state.mode = as_mode(mode, source=source)
        note_wish(state.mode, source, 3)
    if dims is not None:
        state.dims = sizes_of(dims)


def _is_functional(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a constructor's arguments are those of a functional model (``functional_init_arguments`` of Keras)."""
    return len(args) == 2 or (len(args) == 1 and "outputs" in kwargs) or ("inputs" in kwargs and "outputs" in kwargs)


def _inject(cls: type) -> type:
    """Puts `Functional` in the place of `Model` among the bases of a user's class.

    Keras does so up to its own ``Model`` (``inject_functional_model_class``), which would change `Model` for the whole
    process; this stops at ours.
    """
    if cls is Model:
        return Functional
    if Model not in cls.__mro__ or Functional in cls.__mro__:
        return cls
    cls.__bases__ = tuple(_inject(base) for base in cls.__bases__)
    cls.__new__(cls)  # pyright: ignore[reportCallIssue] - as Keras: whatever class swapping a base's ``__new__`` does
    return cls


make_definable(Model)
named_as_in_keras(Model, "keras")
stand_for(Model, keras.Model)
show_as_keras(Functional.__init__)
named_as_in_keras(Functional, FUNCTIONAL_MODULE)
stand_for(Functional, KerasFunctional)
