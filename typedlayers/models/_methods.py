"""The entry methods of a model, each made from the one it stands for: what comes in is checked before Keras sees it.

Typed models take them in their class bodies; `typedlayers.install` puts them into plain Keras. What is named ``rest``
and ``named`` is Keras's own, in whatever order the installed version has it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import keras

from typedlayers.bridge.backend import NO_FIT_ON_SEVERAL_WORKERS, has_several_workers
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.first_batch import with_look
from typedlayers.bridge.fitting import CLASS_WEIGHT_AT, batch_fitting, cut_fitting, fitting_of
from typedlayers.bridge.front import mark_made
from typedlayers.bridge.graph import functional_of
from typedlayers.bridge.making import noting_layers
from typedlayers.bridge.marks import mark_of
from typedlayers.bridge.members import has_own_call, own_layers, weights_changed
from typedlayers.bridge.model_state import OWN_EVALUATION, ModelState, is_in_a_step, model_state, running
from typedlayers.bridge.resolved import call_signature
from typedlayers.bridge.trial import FAILURES
from typedlayers.errors import ContractError
from typedlayers.facts.evidence import Use
from typedlayers.facts.fitting import Fitting
from typedlayers.layers._custom import say_made
from typedlayers.layers._explained import explain, explain_weights
from typedlayers.layers._typed import INHERITED, entrance
from typedlayers.models import _intake as intake
from typedlayers.models._failed import Of, explain_function, explain_run
from typedlayers.models._front import ONE_BATCH, adapted, as_traced, end_training, note_trace, weights_were_set
from typedlayers.models._made import check_made, check_saved
from typedlayers.models._run import TrainerRun, current_run, steps_in_use
from typedlayers.modes import Checking, Mode, of_run, wraps
from typedlayers.verdict.boundary import contained, guarded
from typedlayers.verdict.source import called_by_user
from typedlayers.verdict.traceback import entry

Method = Callable[..., Any]
M = TypeVar("M", bound=Method)

_ON: Final = Checking.ON
_FIT: Final = (
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
    "sample_weight",
)
"""The arguments of ``fit`` that follow x and y, in their order, as far as they are looked at."""


def stands_for(make: Callable[[Method], Method]) -> Callable[[M], M]:
    """Gives a method the name and signature of the one that it stands for, which does what was asked if ours fails.

    Where nothing is to be wrapped, it is that one.
    """

    @functools.wraps(make)
    def made(inherited: M) -> M:
        inherited = getattr(inherited, INHERITED, inherited)
        if not wraps():
            return inherited
        method = functools.wraps(inherited)(entry(contained(make, inherited)))
        setattr(method, INHERITED, inherited)
        return method  # pyright: ignore[reportReturnType]

    return made  # pyright: ignore[reportReturnType]


def late(cls: type, name: str) -> Any:
    """Returns a method of Keras's that is looked up as it is called: others wrap Keras's methods too, at any time.

    What `typedlayers.install` put there is passed over: a typed model has its own.
    """

    @functools.wraps(getattr(cls, name))
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = getattr(cls, name)
        return getattr(found, INHERITED, found)(self, *args, **kwargs)

    return method


class _Entered:
    """A run of the trainer, by the step functions that it uses; no generator, which a single batch would notice."""

    __slots__ = ("_mode", "_model", "_run", "_state")

    def __init__(self, model: Any, *steps: str) -> None:
        self._model, self._state = model, model_state(model)
        self._run = TrainerRun(model=model, steps=steps)

    def __enter__(self) -> Mode:
        state = self._state
        if not state.owns:
            own_layers(self._model)
            if state.fresh:
                mark_made(self._model)
        self._mode = state.own_run.entered(state.mode)
        mode = self._mode.__enter__()
        self._run.__enter__()
        try:
            self.begin(state, mode)
        except BaseException:
            _Entered.__exit__(self, *sys.exc_info())
            raise
        return mode

    def begin(self, state: ModelState, mode: Mode) -> None:
        """Does what is to be done inside the run, before anything else."""
        if state.traced is not None:
            as_traced(self._model, state, mode)

    def __exit__(self, *raised: Any) -> None:
        self._run.__exit__()
        self._mode.__exit__(*raised)


class _Training(_Entered):
    """A run that trains: what it saw is kept, however it ends."""

    __slots__ = ("_notes",)

    def begin(self, state: ModelState, mode: Mode) -> None:
        """Reads the weights as they are before the training."""
        super().begin(state, mode)
        self._notes = mode.checking is _ON
        if self._notes and self._run.steps != ONE_BATCH:
            self._run.before = mark_of(self._model)

    def __exit__(self, *raised: Any) -> None:
        try:
            if self._notes:
                guarded(label_of(self._model), lambda: end_training(self._model, self._run))
        finally:
            super().__exit__(*raised)


def _run(inherited: Method, model: Any, *args: Any, **named: Any) -> Any:
    """Runs Keras's own method; a step function that a mistake stopped half traced is made anew the next time."""
    try:
        return inherited(model, *args, **named)
    except ContractError as error:
        error.keep_origin()
        for step in {"train_function", "test_function", "predict_function"} - steps_in_use(model):
            setattr(model, step, None)
        raise
    except FAILURES as error:
        if has_several_workers(model) and isinstance(error, TypeError | ValueError):
            error.add_note(NO_FIT_ON_SEVERAL_WORKERS)
        mode = running(model_state(model))
        if mode is not None and mode.checking is _ON:
            explain_run(model, mode, error)
        raise


@stands_for
def call(inherited: Method) -> Method:
    """``__call__``: data are checked unless a run of the model is on; raw bytes are scaled where that is planned."""
    annotated = entrance(inherited)

    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        state = model_state(self)
        inside = is_in_a_step(self, state)
        if not state.owns and not inside:
            own_layers(self)
        with state.own_run.entered(state.mode) as mode:
            checks = mode.checking is _ON and not (state.by_package and not called_by_user())
            if args:
                x = intake.admit(self, args[0], mode=mode, use=Use.CALL)[0] if checks and not inside else args[0]
                if checks and inside:
                    intake.check_input(self, x, mode, training=kwargs.get("training") is not False)
                    note_trace(self, state, x, mode)
                args = (adapted(self, x, mode), *args[1:])
            step = annotated if checks and call_signature(type(self)).declares else inherited
            try:
                if checks and has_own_call(type(self)):
                    with noting_layers(self) as made:
                        outputs = step(self, *args, **kwargs)
                    say_made(self, state, mode, made, args)
                else:
                    outputs = step(self, *args, **kwargs)
            except ContractError as error:
                error.keep_origin()
                raise
            except FAILURES as error:
                if checks:
                    explain(self, state, mode, (args, kwargs), error)
                raise
            run = current_run()
            if run is not None and inside:
                run.outputs = outputs
            return outputs

    return __call__


@stands_for
def fit(inherited: Method) -> Method:
    """``fit``: data, targets, loss and validation data are checked before the first step."""

    def fit(self: Any, x: Any = None, y: Any = None, *rest: Any, **named: Any) -> Any:
        state = model_state(self)
        state.owns = state.owns and functional_of(self) is not None  # of a subclassed model, layers may have come since
        with _Training(self, "train_function", "test_function") as mode:
            if mode.checking is _ON:
                given = {**dict(zip(_FIT, rest, strict=False)), **named}
                fitting = guarded(label_of(self), functools.partial(fitting_of, self, x, y, given))
                x, y = intake.admit(self, x, y, given.get("sample_weight"), mode=mode, use=Use.FIT, fitting=fitting)
                validation = given.get("validation_data")
                if validation is not None:
                    intake.admit_validation(self, validation, mode)
            return _run(inherited, self, x, y, *rest, **named)

    return fit


def _cut(model: Any, x: Any, rest: tuple[Any, ...], named: dict[str, Any]) -> Fitting | None:
    """What ``evaluate`` and ``predict`` are given beside the data: batch size and number of steps."""
    size = rest[0] if rest else named.get("batch_size")
    return guarded(label_of(model), functools.partial(cut_fitting, x, size, named.get("steps")))


@stands_for
def evaluate(inherited: Method) -> Method:
    """``evaluate``: data, targets and loss are checked; the evaluation inside ``fit`` was checked by ``fit``."""

    def evaluate(self: Any, x: Any = None, y: Any = None, *rest: Any, **named: Any) -> Any:
        state = model_state(self)
        if OWN_EVALUATION in named and running(state) is not None:
            return _run(inherited, self, x, y, *rest, **named)
        with _Entered(self, "test_function") as mode:
            if mode.checking is _ON:
                weight, fitting = named.get("sample_weight"), _cut(self, x, rest, named)
                x, y = intake.admit(self, x, y, weight, mode=mode, use=Use.EVALUATE, fitting=fitting)
            return _run(inherited, self, x, y, *rest, **named)

    return evaluate


@stands_for
def predict(inherited: Method) -> Method:
    """``predict``: data are checked."""

    def predict(self: Any, x: Any, *rest: Any, **named: Any) -> Any:
        with _Entered(self, "predict_function") as mode:
            if mode.checking is _ON:
                fitting = _cut(self, x, rest, named)
                x, _ = intake.admit(self, x, mode=mode, use=Use.PREDICT, fitting=fitting)
            return _run(inherited, self, x, *rest, **named)

    return predict


@stands_for
def train_on_batch(inherited: Method) -> Method:
    """``train_on_batch``: the batch is checked."""

    def train_on_batch(self: Any, x: Any, y: Any = None, sample_weight: Any = None, *rest: Any, **named: Any) -> Any:
        with _Training(self, *ONE_BATCH) as mode:
            if mode.checking is _ON:
                weights = named.get("class_weight", rest[CLASS_WEIGHT_AT] if len(rest) > CLASS_WEIGHT_AT else None)
                fitting = guarded(label_of(self), functools.partial(batch_fitting, x, weights))
                x, y = intake.admit(self, x, y, sample_weight, mode=mode, use=Use.TRAIN_ON_BATCH, fitting=fitting)
            return _run(inherited, self, x, y, sample_weight, *rest, **named)

    return train_on_batch


@stands_for
def test_on_batch(inherited: Method) -> Method:
    """``test_on_batch``: the batch is checked."""

    def test_on_batch(self: Any, x: Any, y: Any = None, sample_weight: Any = None, *rest: Any, **named: Any) -> Any:
        with _Entered(self, "test_function") as mode:
            if mode.checking is _ON:
                x, y = intake.admit(self, x, y, sample_weight, mode=mode, use=Use.TEST_ON_BATCH)
            return _run(inherited, self, x, y, sample_weight, *rest, **named)

    return test_on_batch


@stands_for
def predict_on_batch(inherited: Method) -> Method:
    """``predict_on_batch``: the batch is checked."""

    def predict_on_batch(self: Any, x: Any) -> Any:
        with _Entered(self, "predict_function") as mode:
            if mode.checking is _ON:
                x, _ = intake.admit(self, x, mode=mode, use=Use.PREDICT_ON_BATCH)
            return _run(inherited, self, x)

    return predict_on_batch


@stands_for
def compute_loss(inherited: Method) -> Method:
    """``compute_loss``: outputs that were unknown before the trace meet their targets here, before any step."""

    def compute_loss(
        self: Any, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, *rest: Any, **named: Any
    ) -> Any:
        mode = running(model_state(self))
        if mode is not None and mode.checking is _ON:
            training = rest[0] if rest else named.get("training", True)
            intake.check_loss(self, y, y_pred, sample_weight, mode, training=training)
        try:
            return inherited(self, x, y, y_pred, sample_weight, *rest, **named)
        except FAILURES as error:
            if mode is not None and mode.checking is _ON:
                explain_function(self, mode, error, Of("loss", y, y_pred))
            raise

    return compute_loss


@stands_for
def compute_metrics(inherited: Method) -> Method:
    """``compute_metrics``: what a metric of the user's raises is explained."""

    def compute_metrics(self: Any, x: Any, y: Any, y_pred: Any, *rest: Any, **named: Any) -> Any:
        try:
            return inherited(self, x, y, y_pred, *rest, **named)
        except FAILURES as error:
            mode = running(model_state(self))
            if mode is not None and mode.checking is _ON:
                explain_function(self, mode, error, Of("metric", y, y_pred))
            raise

    return compute_metrics


@stands_for
def set_weights(inherited: Method) -> Method:
    """``set_weights``, ``load_weights``: what the weights were made for is unknown after it."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            result = inherited(self, *args, **kwargs)
        except ValueError as error:
            state = model_state(self)
            with state.own_run.entered(state.mode) as mode:
                explain_weights(self, state, mode, args, error)
            raise
        weights_changed(self)
        weights_were_set(self)
        return result

    return method


@stands_for
def save(inherited: Method) -> Method:
    """``save``: before the file is written, it is said what of the user's layers it does not keep."""

    def save(self: Any, *args: Any, **named: Any) -> Any:
        state = model_state(self)
        with state.own_run.entered(state.mode) as mode:
            if mode.checking is _ON:
                check_saved(self, mode)
        return inherited(self, *args, **named)

    return save


# ------------------------------------------------------------------------------------ the first real batch
def _step_function(attribute: str) -> Callable[[M], M]:
    @stands_for
    def made(inherited: Method) -> Method:
        def make(self: Any, force: Any = False) -> Any:
            mode = of_run(model_state(self).own_run)
            fresh = force or getattr(self, attribute, None) is None
            if attribute == "train_function" and fresh and mode.checking is _ON:
                check_made(self, mode, Use.FIT)
            inherited(self, force)
            if attribute == "train_function" and fresh:
                model_state(self).trains = frozenset(map(id, self.trainable_variables))
            run = current_run()
            look = None if run is None else run.looks.pop(attribute, None)
            if look is not None:
                _look_first(self, attribute, look, lambda: inherited(self))
            return getattr(self, attribute)

        return make

    return made


make_train_function = _step_function("train_function")
make_test_function = _step_function("test_function")
make_predict_function = _step_function("predict_function")


def _look_first(model: Any, attribute: str, look: Callable[[Any], None], make: Callable[[], Any]) -> None:
    """Lets a look at the first batch go before a step function, once."""
    made = getattr(model, attribute)

    def function() -> Any:
        if getattr(model, attribute) is None:  # the look planned a repair: what was traced lacks it
            make()
        else:
            setattr(model, attribute, made)
        return getattr(model, attribute)

    setattr(model, attribute, with_look(model, look, getattr(model, "steps_per_execution", None) or 1, function))


METHODS: Final = {
    "fit": fit,
    "evaluate": evaluate,
    "predict": predict,
    "train_on_batch": train_on_batch,
    "test_on_batch": test_on_batch,
    "predict_on_batch": predict_on_batch,
    "compute_loss": compute_loss,
    "compute_metrics": compute_metrics,
    "save": save,
    "make_train_function": make_train_function,
    "make_test_function": make_test_function,
    "make_predict_function": make_predict_function,
}
"""The methods of ``keras.Model`` that `typedlayers.install` exchanges, by name; ``__call__`` is a layer's too."""

PLAIN_CALL: Final = keras.layers.Layer.__call__
"""Keras's own ``__call__``, as it is where this module is imported: before anything is installed."""
