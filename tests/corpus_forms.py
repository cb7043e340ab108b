"""The same program in other forms: what it gets for ``Sequential``, what becomes of its model, how it is checked."""

from __future__ import annotations

import enum
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ENTRIES = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


class Form(enum.StrEnum):
    """How a program is written or checked.

    The first five change every ``Sequential`` of it, the others what is done with the model that it builds.
    """

    WRITTEN = "written"
    UNDECLARED = "undeclared"  # no Input: sizes are known only when data come
    FUNCTIONAL = "functional"  # the layers called one after another
    SUBCLASSED = "subclassed"  # the same in the `call` of a Model
    WRAPPED = "wrapped"  # all layers but the last inside a custom one
    STEPWISE = "stepwise"  # a `train_step` of its own
    LOADED = "loaded"  # saved and loaded before it runs
    CHECKED = "checked"  # `tl.check` in the place of `fit` and its kin
    INSTALLED = "installed"  # plain Keras after `tl.install()`
    COMMANDED = "commanded"  # what `typedlayers check` does

    @property
    def declares_input(self) -> bool:
        """False if there is nothing that data could contradict."""
        return self not in (Form.UNDECLARED, Form.SUBCLASSED)


class Rewriting:
    """A form at work on one program.

    Attributes:
        changed: how often it changed something; 0 if the program is what it was.
    """

    def __init__(self, form: Form) -> None:
        self.form, self.changed = form, 0

    def namespace(self, keras: Any) -> Any:
        """Returns what the program gets for ``keras``."""
        written = _SEQUENTIAL.get(self.form)
        if written is None:
            return keras

        def sequential(layers: Sequence[Any] | None = None, **named: Any) -> Any:
            items = list(layers or ())
            given = items[:1] if items and _is_input(items[0]) else []
            made = written(keras, given, items[len(given) :], named)
            self.changed += made is not None
            return keras.Sequential(layers, **named) if made is None else made

        return _Namespace(keras, sequential)

    def model(self, model: Any, load: Callable[[str], Any]) -> Any:
        """Returns the model that runs in the place of what the program built."""
        if self.form is Form.LOADED and hasattr(model, "save"):
            self.changed += 1
            with tempfile.TemporaryDirectory() as folder:
                file = str(Path(folder) / "model.keras")
                model.save(file)
                return load(file)
        if self.form is Form.CHECKED and hasattr(model, "fit"):
            self.changed += 1
            for name in ENTRIES:
                object.__setattr__(model, name, lambda *args, **named: _checked(model, *args, **named))
        return model


class _Namespace:
    """A namespace whose ``Sequential`` is another."""

    def __init__(self, keras: Any, sequential: Any) -> None:
        self._keras, self.Sequential = keras, sequential

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keras, name)


def _is_input(item: Any) -> bool:
    import keras

    return isinstance(item, keras.KerasTensor | keras.layers.InputLayer)


# ----------------------------------------------------------- a Sequential of an input, if it has one, and layers
def _undeclared(keras: Any, given: list[Any], layers: list[Any], named: dict[str, Any]) -> Any:
    return keras.Sequential(layers, **named) if given else None


def _functional(keras: Any, given: list[Any], layers: list[Any], named: dict[str, Any]) -> Any:
    if not given or not layers:
        return None
    first = given[0] if hasattr(given[0], "dtype") else given[0].output
    return keras.Model(first, _through(layers, first), **named)


def _subclassed(keras: Any, given: list[Any], layers: list[Any], named: dict[str, Any]) -> Any:
    return _chain(keras.Model)(layers, **named) if layers else None


def _wrapped(keras: Any, given: list[Any], layers: list[Any], named: dict[str, Any]) -> Any:
    if len(layers) < 2:
        return None
    return keras.Sequential([*given, _chain(keras.layers.Layer)(layers[:-1], name="block"), layers[-1]], **named)


def _stepwise(keras: Any, given: list[Any], layers: list[Any], named: dict[str, Any]) -> Any:
    class Stepwise(keras.Sequential):
        def train_step(self, data: Any) -> Any:
            import tensorflow as tf
            from keras import utils

            x, y, weight = utils.unpack_x_y_sample_weight(data)
            with tf.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=weight)
            self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
            return {**self.compute_metrics(x, y, y_pred, weight), "loss": loss}

    return Stepwise([*given, *layers], **named)


_SEQUENTIAL = {
    Form.UNDECLARED: _undeclared,
    Form.FUNCTIONAL: _functional,
    Form.SUBCLASSED: _subclassed,
    Form.WRAPPED: _wrapped,
    Form.STEPWISE: _stepwise,
}


def _chain(base: type) -> type:
    """Returns a class whose ``call`` calls layers one after another."""

    class Chain(base):
        def __init__(self, chain: list[Any], **named: Any) -> None:
            super().__init__(**named)
            self.chain = chain

        def call(self, x: Any) -> Any:
            return _through(self.chain, x)

    return Chain


def _through(layers: Sequence[Any], x: Any) -> Any:
    for layer in layers:
        x = layer(x)
    return x


# ------------------------------------------------------------------------------------- what is told without fit
def _checked(model: Any, x: Any = None, y: Any = None, **_: Any) -> None:
    import typedlayers as tl

    report = tl.check(model, x, targets=y)
    for warning in report.warnings:
        warnings.warn(tl.ContractWarning([warning]), stacklevel=2)
    report.raise_for_errors()


def commanded(program: Any) -> Any:
    """Returns the report of ``typedlayers check MODULE:MODEL --data MODULE:DATASET`` on a program that fits (x, y)."""
    import keras

    from typedlayers.cli.check import Reference, report_on
    from typedlayers.verdict.allow import Allowance

    built: list[Any] = []

    def model() -> Any:
        built.append(program.build(keras))
        return built[0]

    def data() -> tuple[Any, Any]:
        given: list[tuple[Any, Any]] = []
        object.__setattr__(built[0], "fit", lambda x, y, **_: given.append((x, y)))
        program.run(keras, built[0])
        object.__delattr__(built[0], "fit")
        return given[0]

    module = types.ModuleType("corpus_program")
    vars(module).update(model=model, data=data)
    sys.modules[module.__name__] = module
    return report_on(Reference(module.__name__, "model"), Reference(module.__name__, "data"), Allowance(frozenset()))
