"""Typed layers of the merging family, and the functions that make and call them."""

from __future__ import annotations

import functools
from typing import Any

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import merging
from typedlayers.layers._typed import typed


@typed(merging.ADD)
class Add(keras.layers.Add, metaclass=Kin):
    """`list[Compute "..."]` → `Compute "..."`."""


@typed(merging.SUBTRACT)
class Subtract(keras.layers.Subtract, metaclass=Kin):
    """`tuple[Compute "...", Compute "..."]` → `Compute "..."`."""


@typed(merging.MULTIPLY)
class Multiply(keras.layers.Multiply, metaclass=Kin):
    """`list[Compute "..."]` → `Compute "..."`."""


@typed(merging.AVERAGE)
class Average(keras.layers.Average, metaclass=Kin):
    """`list[Compute "..."]` → `Float "..."`."""


@typed(merging.MAXIMUM)
class Maximum(keras.layers.Maximum, metaclass=Kin):
    """`list[Compute "..."]` → `Compute "..."`."""


@typed(merging.MINIMUM)
class Minimum(keras.layers.Minimum, metaclass=Kin):
    """`list[Compute "..."]` → `Compute "..."`."""


@typed(merging.CONCATENATE)
class Concatenate(keras.layers.Concatenate, metaclass=Kin):
    """`list[Shaped "..."]` → `Compute "..."`."""


@typed(merging.DOT)
class Dot(keras.layers.Dot, metaclass=Kin):
    """`tuple[Compute "batch *axes", Compute "batch *more_axes"]` → `Shaped "batch ..."`."""


# Keras's functions make Keras's classes. Ours have their names, signatures and documentation.
@functools.wraps(keras.layers.add)
def add(inputs: Any, **kwargs: Any) -> Any:
    return Add(**kwargs)(inputs)


@functools.wraps(keras.layers.subtract)
def subtract(inputs: Any, **kwargs: Any) -> Any:
    return Subtract(**kwargs)(inputs)


@functools.wraps(keras.layers.multiply)
def multiply(inputs: Any, **kwargs: Any) -> Any:
    return Multiply(**kwargs)(inputs)


@functools.wraps(keras.layers.average)
def average(inputs: Any, **kwargs: Any) -> Any:
    return Average(**kwargs)(inputs)


@functools.wraps(keras.layers.maximum)
def maximum(inputs: Any, **kwargs: Any) -> Any:
    return Maximum(**kwargs)(inputs)


@functools.wraps(keras.layers.minimum)
def minimum(inputs: Any, **kwargs: Any) -> Any:
    return Minimum(**kwargs)(inputs)


@functools.wraps(keras.layers.concatenate)
def concatenate(inputs: Any, axis: Any = -1, **kwargs: Any) -> Any:
    return Concatenate(axis=axis, **kwargs)(inputs)


@functools.wraps(keras.layers.dot)
def dot(inputs: Any, axes: Any = -1, **kwargs: Any) -> Any:
    return Dot(axes=axes, **kwargs)(inputs)
