"""Attributes and items that a ``{...}`` names, read without running code of the user's.

An annotation may come out of a file. Its text reads what an object holds; it runs neither a property nor a
``__getattr__`` or ``__getitem__`` of a class that is not a framework's own.
"""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any, Final

TRUSTED: Final = frozenset({"keras", "tensorflow", "numpy", "jax", "torch", "typedlayers"}) | sys.stdlib_module_names
"""Packages whose properties are read: ``compute_dtype`` of a layer, ``shape`` of a tensor."""

_ABSENT: Final = object()


class CodeOfTheUsers(Exception):
    """Only code of the user's can tell the value."""


def attribute(value: Any, name: str) -> Any:
    """Returns an attribute of an object.

    Raises:
        AttributeError: if there is none.
        CodeOfTheUsers: if a property or a ``__getattr__`` of the user's would have to run.

    >>> attribute(2 + 3j, "imag")
    3.0
    """
    found = inspect.getattr_static(value, name, _ABSENT)
    if found is _ABSENT:
        if _is_users(getattr(type(value), "__getattr__", None)):
            raise CodeOfTheUsers(f"{name} is computed by __getattr__ of {type(value).__name__}")
        return getattr(value, name)
    if not hasattr(type(found), "__get__") or found is _held(value, name):
        return found
    if _is_users(_getter(found)):
        raise CodeOfTheUsers(f"{name} is computed by a property of {type(value).__name__}")
    return getattr(value, name)


def item(value: Any, index: int | str) -> Any:
    """Returns an item of an object.

    Raises:
        LookupError: if there is none.
        TypeError: if it has no items.
        CodeOfTheUsers: if a ``__getitem__`` of the user's would have to run.
    """
    if _is_users(inspect.getattr_static(type(value), "__getitem__", None)):
        raise CodeOfTheUsers(f"an item is computed by __getitem__ of {type(value).__name__}")
    return value[index]


def _held(value: Any, name: str) -> object:
    """What the object itself holds under the name, and its class does not."""
    try:
        return object.__getattribute__(value, "__dict__").get(name, _ABSENT)
    except AttributeError:
        return _ABSENT


def _getter(found: Any) -> object:
    """The code that a descriptor runs."""
    match found:
        case property():
            return found.fget
        case functools.cached_property():
            return found.func
    return inspect.getattr_static(type(found), "__get__")


def _is_users(code: object) -> bool:
    """True of a Python function of a module that is no framework's; code in C belongs to none of the user's classes."""
    if not inspect.isfunction(code):
        return code is not None and not inspect.isroutine(code) and not inspect.ismethoddescriptor(code)
    return code.__globals__.get("__name__", "").partition(".")[0] not in TRUSTED
