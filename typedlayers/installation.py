"""`install` and `uninstall`: contracts for a program that is not edited.

Methods of plain Keras are wrapped, no class is exchanged. So every way to import Keras is covered (``keras``,
``tf.keras``, ``from tensorflow.keras.layers import Dense``, names bound earlier, ``keras.applications``);
``isinstance`` and saving stay as they are, and `uninstall` undoes it exactly.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import keras

from typedlayers.bridge.configs import plain_arguments
from typedlayers.bridge.front import declare_inputs, mark_made
from typedlayers.bridge.functional import KerasFunctional
from typedlayers.bridge.layer_state import ADOPTED, STATE, State, set_state
from typedlayers.bridge.made_by import note_outputs
from typedlayers.bridge.making import note_layer
from typedlayers.bridge.model_state import ModelState
from typedlayers.bridge.resolved import is_typed
from typedlayers.layers._arguments import check_arguments
from typedlayers.layers._typed import entrance, explaining_adapt, noting_weights, unless_it_fits
from typedlayers.models import _methods as methods
from typedlayers.models import _stack as stack
from typedlayers.models import sequential as _typed_first  # noqa: F401 - typed classes keep Keras's own methods
from typedlayers.models._export import export
from typedlayers.models._own_loss import loss_call
from typedlayers.modes import wraps
from typedlayers.verdict.boundary import contained
from typedlayers.verdict.source import called_by_package, made_by_keras, user_line
from typedlayers.verdict.traceback import entry

Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(slots=True)
class _Switch:
    """Whether what one `install` put in place still works."""

    on: bool = True


class _Installed:
    """The replaced attributes of Keras's classes, by class and name, each with what stands there now."""

    before: Final[dict[tuple[type, str], tuple[Any, Any]]] = {}
    switch: _Switch = _Switch(on=False)


def install() -> None:
    """Wraps Keras's own classes, so that every layer and model of this process is checked; a second call does nothing.

    Layers and models that were made before are checked too; the lines that made them are not known.

    >>> import keras, typedlayers as tl
    >>> tl.install()
    >>> try:
    ...     keras.Sequential([keras.Input((28, 28)), keras.layers.Conv2D(8, 3, name="conv")])
    ... except tl.ContractError as error:
    ...     print(error.diagnostics[0].headline)
    ... finally:
    ...     tl.uninstall()
    Conv2D "conv" needs 4 dimensions but gets 3
    """
    if _Installed.before or not wraps():
        return
    _Installed.switch = _Switch()
    layer = keras.layers.Layer
    _wrap(layer, "__new__", functools.partial(contained, _remembering))
    _wrap(layer, "__call__", _entrance)
    _wrap(layer, "set_weights", noting_weights)
    _wrap(layer, "load_own_variables", noting_weights)
    for name in ("Discretization", "IntegerLookup", "Normalization", "StringLookup", "TextVectorization"):
        _wrap(getattr(keras.layers, name), "adapt", explaining_adapt)
    if hasattr(layer, "_assert_input_compatibility"):
        _wrap(layer, "_assert_input_compatibility", unless_it_fits)
    for name, wrapper in methods.METHODS.items():
        _wrap(keras.Model, name, wrapper)
    _wrap(keras.Model, "load_weights", methods.set_weights)
    _wrap(keras.Model, "export", export)
    _wrap(keras.losses.Loss, "__call__", loss_call)
    _wrap(keras.Sequential, "add", stack.add)
    _wrap(keras.Sequential, "build", stack.build)
    _wrap(KerasFunctional, "__init__", _marked)


def is_installed() -> bool:
    """Returns True while `install` is active."""
    return bool(_Installed.before)


def uninstall() -> None:
    """Puts Keras's own methods back, and takes away what was noted on its layers; without `install` it does nothing.

    A method that another library has wrapped since stays as that library made it; what it wrapped is ours, and hands
    each call on to Keras's own.
    """
    _Installed.switch.on = False
    for (owner, name), (method, ours) in _Installed.before.items():
        if vars(owner).get(name) is ours:
            setattr(owner, name, method)
    _Installed.before.clear()
    for adopted in list(ADOPTED):
        adopted.__dict__.pop(STATE, None)
    ADOPTED.clear()


def _wrap(cls: type, name: str, wrapper: Wrapper) -> None:
    """Wraps a method where it is defined: in a base of ``cls``, perhaps."""
    owner = next(base for base in cls.__mro__ if name in vars(base))
    before = vars(owner)[name]
    inherited = getattr(owner, name) if isinstance(before, staticmethod) else before
    setattr(owner, name, _switched(inherited, wrapper(inherited), _Installed.switch))
    _Installed.before[owner, name] = before, vars(owner)[name]


def _switched(inherited: Callable[..., Any], ours: Callable[..., Any], switch: _Switch) -> Callable[..., Any]:
    """Our method while the switch is on, Keras's own afterwards: another library may have kept what it found."""

    @functools.wraps(ours)
    @entry
    def method(*args: Any, **kwargs: Any) -> Any:
        return (ours if switch.on else inherited)(*args, **kwargs)

    setattr(method, methods.INHERITED, inherited)
    return method


def _remembering(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """``Layer.__new__``: the user's line is remembered, the constructor's arguments are checked."""

    @functools.wraps(inherited)
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if is_typed(cls):
            return inherited(cls, *args, **kwargs)
        site = user_line()
        check_arguments(cls, args, kwargs, site)
        made = inherited(cls, *args, **kwargs)
        package = called_by_package()
        if isinstance(made, keras.Model):
            state: State = ModelState(site, by_package=package)
        else:
            state = State(site, by_keras=made_by_keras(), by_package=package)
        state.given = plain_arguments(cls, args, kwargs)
        set_state(made, state)
        ADOPTED.add(made)
        note_layer(made)
        return made

    return __new__


def _marked(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """``Functional.__init__``: the weights are noted as they were made."""

    @functools.wraps(inherited)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        inherited(self, *args, **kwargs)
        if not is_typed(type(self)):
            declare_inputs(self)
            mark_made(self)

    return __init__


def _entrance(inherited: Callable[..., Any]) -> Callable[..., Any]:
    """``Layer.__call__``: a model's entry, a layer's check; typed ones have their own and come here after it."""
    of_layer, of_model = entrance(inherited), methods.call(inherited)

    @functools.wraps(inherited)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self, keras.Model):
            outputs = (inherited if is_typed(type(self)) else of_model)(self, *args, **kwargs)
            note_outputs(self, outputs)
            return outputs
        return (inherited if is_typed(type(self)) else of_layer)(self, *args, **kwargs)

    setattr(__call__, methods.INHERITED, inherited)
    return __call__
