"""The one decorator: a layer class whose calls are checked against a contract.

It wraps ``__call__``, because inside ``call`` Keras has converted the arguments already; ``__new__``, to remember
the user's line and to check constructor arguments; and nothing else that Keras reads. `typedlayers.install` wraps
the same methods of plain Keras with the same functions.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar, overload

import keras

from typedlayers.archive.layer_notes import notes_of
from typedlayers.archive.scope import named_as_in_keras, restored
from typedlayers.bridge import annotations as hints
from typedlayers.bridge.configs import plain_arguments
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.dry_run import Entrance
from typedlayers.bridge.kin import Kin, stand_for
from typedlayers.bridge.layer_state import STATE, Plan, State, adopted, set_state
from typedlayers.bridge.making import is_made_in_call, note_layer
from typedlayers.bridge.recording import NotCopiedError, Recorder, recorder
from typedlayers.bridge.resolved import CONTRACT, DEFINITION, contract_for, is_typed, named, parameters_of, tensor_specs
from typedlayers.bridge.tensors import as_given
from typedlayers.bridge.trial import FAILURES
from typedlayers.contracts.contract import Contract, Resolved
from typedlayers.errors import ContractError
from typedlayers.layers import _call
from typedlayers.layers._arguments import check_arguments
from typedlayers.layers._custom import is_users_own, of_call, overseen
from typedlayers.layers._explained import explain, explain_adapt, explain_arguments, explain_weights
from typedlayers.layers._fixes import with_keras_words, with_proven_fixes
from typedlayers.modes import Checking, Mode, of_run, wraps
from typedlayers.verdict import settings
from typedlayers.verdict.boundary import contained, guarded
from typedlayers.verdict.gate import Verdict, judge, say, was_told
from typedlayers.verdict.source import called_by_package, called_by_user, made_by_keras, user_line
from typedlayers.verdict.traceback import drop_frames, entry

C = TypeVar("C", bound=type)

_OFF: Final = Checking.OFF


@overload
def typed(contract: C, /) -> C: ...
@overload
def typed(contract: Contract | None = None, /) -> Callable[[C], C]: ...
def typed(contract: Any = None, /) -> Any:
    """Makes a class derived from a Keras layer a typed one.

    Args:
        contract: the contract; without one, the annotations of ``call`` are read, or the catalogue is asked.

    Returns:
        The class itself.

    Raises:
        TypeError: if what is decorated is no Keras layer class.

    >>> import keras, typedlayers as tl
    >>> from jaxtyping import Float
    >>> @tl.typed
    ... class Double(keras.layers.Layer):
    ...     def call(self, x: Float[tl.Tensor, "batch features"]) -> Float[tl.Tensor, "batch features"]:
    ...         return 2 * x
    >>> print(tl.contract_of(Double()))
    Float "batch features" → Float "batch features"
    """
    if isinstance(contract, type):
        return _typed(contract, None)
    return lambda cls: _typed(cls, contract)


def _typed(cls: C, contract: Contract | None) -> C:
    if not (isinstance(cls, type) and issubclass(cls, keras.layers.Layer)):
        raise TypeError(f"typed needs a class derived from a Keras layer, not {cls!r}")
    if contract is not None:
        setattr(cls, CONTRACT, contract)
    if cls.__module__.startswith("typedlayers."):
        named_as_in_keras(cls, "keras.layers")
        stand_for(cls, cls.__mro__[1])
    if is_typed(cls):
        setattr(cls, DEFINITION, vars(cls).get(DEFINITION) or hints.definition_of(cls, hints.class_frame()))
        return cls
    make_definable(cls)
    _wrap_pickling(cls)
    if wraps():
        cls.__new__ = remembering(cls.__new__, cls.__init__)  # pyright: ignore
        _wrap_call(cls)
        _wrap_weights(cls)
        if "adapt" in vars(cls.__mro__[1]):
            cls.adapt = explaining_adapt(cls.adapt)  # pyright: ignore
    return cls


# ------------------------------------------------------------------------------------ what is wrapped
def remembering(inherited: Callable[..., Any], like: Callable[..., Any]) -> Any:
    """Returns a ``__new__`` that remembers the user's line and checks the constructor's arguments.

    Args:
        inherited: the ``__new__`` that makes the object.
        like: the function whose signature it shows.
    """

    def made(inherited: Callable[..., Any]) -> Callable[..., Any]:
        def __new__(klass: Any, *args: Any, **kwargs: Any) -> Any:
            site = user_line()
            check_arguments(klass, args, kwargs, site)
            layer = inherited(klass, *args, **kwargs)
            state = State(site, by_keras=made_by_keras(), by_package=called_by_package())
            state.given = plain_arguments(klass, args, kwargs)
            set_state(layer, state)
            note_layer(layer)
            return layer

        return __new__

    __new__ = functools.wraps(like)(entry(contained(made, inherited)))
    setattr(__new__, INHERITED, inherited)
    return __new__


def make_definable(cls: type) -> None:
    """Lets a class and its subclasses remember the names that their string annotations use, and their signatures."""
    setattr(cls, DEFINITION, hints.definition_of(cls, hints.class_frame()))
    inherited = vars(cls).get("__init_subclass__")

    def __init_subclass__(sub: type, **kwargs: Any) -> None:
        if inherited is None:
            super(cls, sub).__init_subclass__(**kwargs)  # pyright: ignore
        else:
            inherited.__get__(None, sub)(**kwargs)
        setattr(sub, DEFINITION, hints.definition_of(sub, hints.class_frame()))
        if "__init__" in vars(sub):
            own = inspect.signature(vars(sub)["__init__"])
            own = own.replace(parameters=list(own.parameters.values())[1:])
            sub.__signature__ = _OfTheClass(own)  # pyright: ignore

    cls.__init_subclass__ = classmethod(__init_subclass__)  # pyright: ignore


class _OfTheClass:
    """The signature of a class, which its objects lack: ``tf.function(model)`` would take it for that of their call."""

    __slots__ = ("signature",)

    def __init__(self, signature: inspect.Signature) -> None:
        self.signature = signature

    def __get__(self, instance: object, owner: type) -> inspect.Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        return self.signature


def _wrap_weights(cls: type) -> None:
    """Weights that were set or loaded are no longer what their initializers made of them."""
    cls.set_weights = noting_weights(cls.set_weights)  # pyright: ignore
    cls.load_own_variables = noting_weights(cls.load_own_variables)  # pyright: ignore


def noting_weights(inherited: Callable[..., None]) -> Callable[..., None]:
    """Returns a method that gives weights to a layer and notes it."""

    def made(inherited: Callable[..., None]) -> Callable[..., None]:
        def method(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                inherited(self, *args, **kwargs)
            except ValueError as error:
                state = adopted(self)
                explain_weights(self, state, of_run(state.run), args, error)
                raise
            adopted(self).fresh = False

        return method

    return contained(made, inherited)


def explaining_adapt(inherited: Callable[..., None]) -> Callable[..., None]:
    """Returns an ``adapt`` that says why data are refused."""

    def made(inherited: Callable[..., None]) -> Callable[..., None]:
        def method(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                inherited(self, *args, **kwargs)
            except (*FAILURES, NameError) as error:  # Keras 3.13 asks for a name that it gave to arrays alone
                state = adopted(self)
                explain_adapt(self, state, of_run(state.run), args or (kwargs.get("data"),), error)
                raise

        return method

    return contained(made, inherited)


def _wrap_call(cls: type) -> None:
    cls.__call__ = entrance(getattr(cls.__call__, INHERITED, cls.__call__))  # pyright: ignore
    inherited_check = getattr(cls, "_assert_input_compatibility", None)
    if inherited_check is not None:  # where an installed Keras lacks it, its check is merely done again
        cls._assert_input_compatibility = unless_it_fits(  # pyright: ignore
            getattr(inherited_check, INHERITED, inherited_check)
        )


def _wrap_pickling(cls: type) -> None:
    def __reduce__(self: Any) -> Any:
        return restored, (*super(cls, self).__reduce__()[1], notes_of(self))  # pyright: ignore

    cls.__reduce__ = __reduce__  # pyright: ignore


INHERITED: Final = "_typedlayers_inherited"
"""Where a wrapped method keeps Keras's own, so that nothing is wrapped twice."""


def entrance(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a ``__call__`` that checks its arguments before it calls the inherited one."""
    looked_at = contained(_looked_at, inherited)

    # Wrapped as Keras's own method, so that AutoGraph takes it for one and does not convert it.
    @functools.wraps(keras.layers.Layer.__call__)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:  # costs nothing unless something is raised
            state: State | None = self.__dict__.get(STATE)
            notes = recorder.get()
            if notes is not None:
                return _recorded(notes, self, state or adopted(self), args, kwargs, inherited)
            if state is not None:
                # What fits needs no mode: nothing is left to decide. So this way asks for none.
                if state.fits and self.input_spec is state.spec_seen and _key(state, args, kwargs) in state.fits:
                    return inherited(self, *args, **kwargs)
                if of_run(state.run).checking is _OFF:
                    return inherited(self, *args, **kwargs)
            return looked_at(self, *args, **kwargs)
        except ContractError as error:
            drop_frames(error)
            raise

    setattr(__call__, INHERITED, inherited)
    return __call__


def _looked_at(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """Makes the way of a call whose signature is not known to fit."""

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        state: State = self.__dict__.get(STATE) or adopted(self)
        mode = of_run(state.run)
        # Off: of a layer that was not met before. One without input_spec never called Keras's __init__: Keras says so.
        if mode.checking is _OFF or not hasattr(self, "input_spec"):
            return inherited(self, *args, **kwargs)
        state.refresh(self.input_spec)
        return _checked_call(self, state, mode, args, kwargs, functools.partial(inherited, self))

    return call


def _recorded(
    notes: Recorder, layer: Any, state: State, args: tuple[Any, ...], kwargs: dict[str, Any], inherited: Any
) -> Any:
    """Makes a call that is watched: it is checked, and written down with the calls inside it."""
    if notes.dry and not (layer.built or id(layer) in notes.originals or is_made_in_call(layer)):
        raise NotCopiedError(f"{label_of(layer)} is not an attribute of the model or of a layer in it")
    mode = of_run(state.run)
    call = notes.enter(layer, args, kwargs)
    try:
        if mode.checking is _OFF:
            call.outputs = inherited(layer, *args, **kwargs)
        else:
            state.refresh(layer.input_spec)
            call.outputs = _checked_call(layer, state, mode, args, kwargs, functools.partial(inherited, layer))
    finally:
        notes.leave(call)
    return call.outputs


def unless_it_fits(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """Returns Keras's own input check, skipped for a signature that passed it before."""

    @functools.wraps(inherited)
    def _assert_input_compatibility(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.input_spec is None:
            return inherited(self, *args, **kwargs)
        state: State | None = self.__dict__.get(STATE)
        if state is not None and state.fits and _key(state, args, kwargs) in state.fits:
            return None
        return inherited(self, *args, **kwargs)

    setattr(_assert_input_compatibility, INHERITED, inherited)
    return _assert_input_compatibility


def _key(state: State, args: tuple[Any, ...], kwargs: Any) -> Any:
    """The signature of a call on eager tensors, None for every other call: those are checked each time.

    ``_datatype_enum`` and ``_shape_tuple`` are an EagerTensor's quickest attributes; symbolic tensors lack them.
    """
    try:
        known = state.known
        if known is not None and known[1]:
            if len(args) == 1 and type(args[0]) is list and not kwargs:
                key = _key_of_list(args[0])
                if key is not None:
                    return key
            return tuple(map(_part, args)), tuple((name, _part(kwargs[name])) for name in sorted(kwargs))
        if len(args) != 1:
            return None
        shape = args[0]._shape_tuple()
        return args[0]._datatype_enum(), shape[1:] or len(shape)
    except AttributeError:
        return None


def _key_of_list(values: list[Any]) -> Any:
    """The signature of a merge: a list of nothing but tensors, most often; None for every other list."""
    try:
        return tuple([(value._datatype_enum(), value._shape_tuple()) for value in values])
    except AttributeError:
        return None


def _part(value: Any) -> Any:
    """What one argument adds to a signature: a tensor's dtype and whole shape, a constant itself, a nest of them."""
    if value is None or isinstance(value, bool | int | float | str):
        return type(value), value
    if isinstance(value, list | tuple):
        return tuple(map(_part, value))
    if isinstance(value, dict):
        return tuple((name, _part(value[name])) for name in sorted(value))
    return value._datatype_enum(), value._shape_tuple()


# -------------------------------------------------------------------------------------- a checked call
def _checked_call(
    layer: Any, state: State, mode: Mode, args: tuple[Any, ...], kwargs: dict[str, Any], inherited: Any
) -> Any:
    if state.by_package and not called_by_user():
        return inherited(*args, **kwargs)
    if is_users_own(layer):
        return _judged_call(layer, state, mode, args, kwargs, overseen(layer, state, mode, inherited))
    try:
        return _judged_call(layer, state, mode, args, kwargs, inherited)
    except ContractError as error:
        if any(one.code == "TL107" for one in error.diagnostics):
            explain_arguments(layer, state, mode, (args, kwargs))
        raise
    except FAILURES as error:
        explain(layer, state, mode, (args, kwargs), error)
        raise


def _judged_call(
    layer: Any, state: State, mode: Mode, args: tuple[Any, ...], kwargs: dict[str, Any], inherited: Any
) -> Any:
    call = args, kwargs
    plan = state.plans.get((mode, _key(state, args, kwargs))) if state.plans else None
    contract = state.contract if plan is not None else None  # read once: another thread may drop it
    if plan is not None and contract is not None:
        args, kwargs = _repaired(layer, contract, plan, args, kwargs)
        return inherited(*args, **kwargs)
    found = guarded(label_of(layer), lambda: _call.checked_call(layer, state, args, kwargs, mode))
    key = _key(state, *call)
    if found is None:
        return _watched(layer, state, mode, key, args, kwargs, inherited)
    resolved, verdict = found.resolved, found.verdict
    if (verdict.errors or verdict.warnings) and recorder.get() is None:
        verdict = _with_fixes(layer, verdict, state.told, args, kwargs)
    if verdict.errors and mode.name == "lenient" and recorder.get() is None and not is_users_own(layer):
        verdict = replace(verdict, errors=with_keras_words(layer, verdict.errors, args, kwargs))
    say(verdict, mode, state.told)
    if verdict.repaired:
        _call.enter_in_ledger(layer, state, verdict, found.specs)
        args, kwargs = _repaired(layer, resolved, verdict.repairs, args, kwargs)
        repaired = named(found.parameters, args, kwargs)
        checked = _call.check(resolved, tensor_specs(resolved, repaired), values=repaired)
        found = replace(found, checked=checked)
    outputs = inherited(*args, **kwargs)
    if resolved.own or resolved.promises:
        _call.check_result(layer, state, found, outputs, mode)
    if verdict.passes or verdict.only_repairs:
        _remember(layer, state, mode, key, call, verdict.repairs)
    return outputs


def _with_fixes(layer: Any, verdict: Verdict, told: set[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Verdict:
    """Searches the fixes of what is about to be said."""
    news = tuple(one for one in verdict.warnings if not was_told(one, told))
    errors = with_proven_fixes(layer, verdict.errors, args, kwargs)
    warnings = with_proven_fixes(layer, news, args, kwargs) if news else verdict.warnings
    return replace(verdict, errors=errors, warnings=warnings)


def _repaired(
    layer: Any, resolved: Resolved, plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Returns the arguments of a call with the planned repairs done."""
    parameters = parameters_of(layer, resolved)
    mended = _call.repair_all(named(parameters, args, kwargs), plan)
    positional = tuple(mended[name] for name in parameters[: len(args)]) + args[len(parameters) :]
    return positional, {name: mended[name] for name in kwargs}


def _remember(
    layer: Any, state: State, mode: Mode, key: Any, call: tuple[tuple[Any, ...], dict[str, Any]], plan: Plan
) -> None:
    """Keeps what is to be done for a signature; a first call may have built the layer and changed its contract."""
    if key is None:
        return
    state.refresh(layer.input_spec)
    contract_for(layer, state)
    if key != _key(state, *call):
        return
    if plan:
        state.plan(mode, key, plan)
    else:
        state.remember(key)


def _watched(
    layer: Any, state: State, mode: Mode, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any], inherited: Any
) -> Any:
    """A call of a layer without a contract: if it is the outermost, what it does inside is watched, once."""
    if state.run is not None:
        outputs = inherited(*args, **kwargs)
        _remember(layer, state, mode, key, (args, kwargs), {})
        return outputs
    symbolic = any(isinstance(a, keras.KerasTensor) for a in args)
    if symbolic or recorder.get() is not None or len(args) != 1:
        return inherited(*args, **kwargs)
    came, notes = as_given(args[0], layer.compute_dtype), Recorder()
    token = recorder.set(notes)
    try:
        outputs = inherited(came, **kwargs)
    finally:
        recorder.reset(token)
    found = guarded(label_of(layer), lambda: of_call(layer, state.location(label_of(layer)), notes, came, outputs))
    if found:
        say(judge(found, mode, state.allowed), mode, set())
    else:
        _remember(layer, state, mode, key, (args, kwargs), {})
    return outputs


@typed
class Layer(keras.layers.Layer, metaclass=Kin):
    """``keras.layers.Layer``: the annotations of a subclass's ``call`` are its contract."""


Entrance.wrap = entrance
settings.load()
