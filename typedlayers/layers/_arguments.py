"""Arguments that are not tensors: typeguard checks them, as permissively as Keras accepts them."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import numbers
import operator
import types
import typing
from collections.abc import Mapping
from typing import Any

import keras
import typeguard

from typedlayers.bridge.annotations import Definition, hints_of
from typedlayers.bridge.contracts import label_of
from typedlayers.bridge.layer_state import State
from typedlayers.bridge.refusals import refusal_of_arguments, words_of
from typedlayers.bridge.resolved import DEFINITION, argument_contract, call_signature
from typedlayers.catalogue.parameters import SHAPE, TAKE_FUNCTIONS, parameter_type, spelled
from typedlayers.contracts.contract import Contract
from typedlayers.diagnostics.edit import Argument
from typedlayers.diagnostics.model import Diagnostic, Fix, Location
from typedlayers.errors import ContractError, WrongTypeError
from typedlayers.facts.calls import MadeBy
from typedlayers.modes import Checking, current
from typedlayers.rules.custom import kernel_as_strides
from typedlayers.verdict.allow import is_allowed
from typedlayers.verdict.gate import tell


def check_arguments(cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any], site: tuple[str, int] | None) -> None:
    """Checks the arguments of a constructor: Keras's own by the table of parameter types, a typed class's by its hints.

    Raises:
        ContractError: TL102, with every argument of a wrong type.
    """
    if current().checking is Checking.OFF:
        return
    contract = argument_contract(cls)
    if contract is None and not hasattr(cls, DEFINITION):
        return
    signature = _signature(cls.__init__)
    try:
        given = signature.bind(None, *args, **kwargs).arguments
    except TypeError:
        return  # Keras's own message about a missing or unknown argument is clear
    wrong: dict[str, Diagnostic] = {}
    for name, value in given.items():
        parameter = signature.parameters[name]
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or value is parameter.default:
            continue
        hint, where = _hint(cls, contract, name, parameter), Location(*(site or (None, None)), what=cls.__name__)
        if hint is not None and not _is_of(value, hint):
            wrong[name] = _diagnostic(cls.__name__, name, value, hint, where)
        elif hint in TAKE_FUNCTIONS and _is_layer_class(value):
            wrong[name] = _layer_class(cls.__name__, name, value, where)
    shape = given.get("kwargs", {}).get("input_shape")
    if isinstance(shape, numbers.Integral) and _defined_by_keras(cls):
        where = Location(*(site or (None, None)), what=cls.__name__)
        wrong["input_shape"] = no_shape(cls.__name__, "input_shape", shape, where)
    wrong = {name: diagnostic for name, diagnostic in wrong.items() if not is_allowed(diagnostic)}
    if wrong:
        raise _as_keras(cls, wrong, args, kwargs)
    if len(args) >= 3 and _defined_by_keras(cls):
        made = MadeBy(cls.__name__, Location(*(site or (None, None)), what=cls.__name__), args)
        found = [one for one in kernel_as_strides.find(made) if not is_allowed(one)]
        if found:
            tell(found, current(), set())


def _as_keras(
    cls: type, wrong: Mapping[str, Diagnostic], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> ContractError:
    """Returns the error, with Keras's own words and of its kind where Keras itself refuses the arguments."""
    refused = refusal_of_arguments(cls, args, kwargs) if _defined_by_keras(cls) else None
    if refused is None:
        return ContractError(list(wrong.values()))
    kind = WrongTypeError if isinstance(refused, TypeError) else ContractError
    words = words_of(refused)
    blamed = next((name for name in wrong if f"`{name}`" in words), next(iter(wrong)))
    return kind(
        [one.with_(why=one.why or words) if name == blamed else one for name, one in wrong.items()], origin=refused
    )


def refuse(wrong: Diagnostic) -> None:
    """Raises what is wrong with an argument, if it is not allowed.

    Raises:
        ContractError: TL102.
    """
    if not is_allowed(wrong):
        raise ContractError([wrong])


def no_shape(owner: str, name: str, value: object, where: Location) -> Diagnostic:
    """Returns the finding for a number that is given as a shape: ``Input(shape=(6))``."""
    return _diagnostic(owner, name, value, SHAPE, where).with_(
        needs=f"a tuple: ({value},)",
        why=f"({value}) is a number: what makes a tuple of one is the comma",
        fixes=(Fix.of(Argument("", name, f"({value},)")),),
    )


def _is_layer_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, keras.layers.Layer)


def _layer_class(owner: str, name: str, value: type, where: Location) -> Diagnostic:
    """The finding for a class of layers where a function is needed: calling it would make a layer of the tensor."""
    return Diagnostic(
        "TL102",
        f"{owner} needs a function for `{name}` but gets the class {value.__name__}",
        where=where,
        gets=f"the class {value.__name__}",
        needs="a name, a function or a layer that was made",
        why=f"calling a class makes a layer: the tensor would become an argument of {value.__name__}(...)",
        fixes=(Fix.of(Argument("", name, f"layers.{value.__name__}()")),),
    )


@functools.lru_cache(maxsize=1024)
def _signature(init: Any) -> inspect.Signature:
    return inspect.signature(init)


def check_others(layer: Any, state: State, arguments: Mapping[str, Any]) -> None:
    """Checks the annotated arguments of a user's call that are not tensors.

    Raises:
        ContractError: TL102, with every argument of a wrong type.
    """
    wrong = []
    for name, hint in call_signature(type(layer)).others.items():
        if name not in arguments:
            continue
        if not _is_of(arguments[name], _relaxed(hint)):
            label = label_of(layer)
            wrong.append(_diagnostic(label, name, arguments[name], hint, state.location(label)))
    wrong = [diagnostic for diagnostic in wrong if not is_allowed(diagnostic, state.allowed)]
    if wrong:
        raise ContractError(wrong)


def _hint(cls: type, contract: Contract | None, name: str, parameter: inspect.Parameter) -> object | None:
    if _defined_by_keras(cls):
        return None if contract is None else parameter_type(contract, name)
    if not hasattr(cls, DEFINITION):
        return None  # the hints of a class that is not ours to read
    hint = parameter.annotation
    if isinstance(hint, str):
        owner = _owner_of_init(cls)
        hint = hints_of(vars(owner)["__init__"], vars(owner).get(DEFINITION) or Definition(), owner).get(name)
    return None if hint is None or hint is parameter.empty else _relaxed(hint)


def _defined_by_keras(cls: type) -> bool:
    return _owner_of_init(cls).__module__.partition(".")[0] == "keras"


def _owner_of_init(cls: type) -> type:
    return next(base for base in cls.__mro__ if "__init__" in vars(base))


def _relaxed(hint: object) -> object:
    """Returns a user's hint as Keras programs mean it: NumPy's numbers fit, and lists for tuples (JSON has none)."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is int:
        return numbers.Integral
    if hint is float:
        return numbers.Real
    if hint in (tuple, list) or origin in (tuple, list):
        return collections.abc.Sequence
    if origin in (typing.Union, types.UnionType):
        return functools.reduce(operator.or_, (_relaxed(a) for a in arguments))  # pyright: ignore
    return hint if hint in (str, bool, type(None)) else typing.Any


def _is_of(value: object, hint: object) -> bool:
    try:
        typeguard.check_type(value, hint)
    except typeguard.TypeCheckError:
        return False
    return True


def _diagnostic(owner: str, name: str, value: object, hint: object, where: Location) -> Diagnostic:
    return Diagnostic(
        "TL102",
        f"{owner} needs {spelled(hint)} for `{name}` but gets {_short(value)}",
        where=where,
        gets=f"{_short(value)} ({type(value).__name__})",
        needs=spelled(hint),
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
