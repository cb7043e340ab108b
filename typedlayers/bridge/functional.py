"""Keras's ``Functional``: it has no public name, and its files name the module that it stands in."""

from __future__ import annotations

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
