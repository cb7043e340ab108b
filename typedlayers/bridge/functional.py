"""Keras's ``Functional``: it has no public name, and its files name the module that it stands in."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

import keras


def _functional_class() -> Any:
    """The class that ``keras.Model(inputs, outputs)`` makes, found by making one."""
    inputs = keras.Input((1,))
    return type(keras.Model(inputs, inputs))


try:
    from keras.src.models.functional import Functional as KerasFunctional
except ImportError:  # a Keras that keeps it elsewhere still makes one
    KerasFunctional = _functional_class()

FUNCTIONAL_MODULE: Final = KerasFunctional.__module__
"""The module that a functional model's file names."""


def show_as_keras(init: Callable[..., None]) -> None:
    """Gives a constructor the arguments that Keras's has: an older Keras writes no graph for a class that has others.

    It compares what ``inspect.getfullargspec`` tells of the two (``functional_like_constructor``). Before Keras 3.15
    its own is wrapped in a function of ``*args`` and ``**kwargs``.
    """
    own, theirs = (inspect.getfullargspec(one).args[1:] for one in (init, KerasFunctional.__init__))
    if own != theirs:
        shown = inspect.signature(KerasFunctional.__init__, follow_wrapped=False).parameters
        # ``Operation.__new__`` of Keras 3.13 takes the first parameter for self
        itself = [] if "self" in shown else [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
        init.__signature__ = inspect.Signature([*itself, *shown.values()])  # pyright: ignore
