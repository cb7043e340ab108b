"""Typed layers of the activation family."""

from __future__ import annotations

import keras

from typedlayers.catalogue import activation
from typedlayers.layers._typed import typed


@typed(activation.RELU)
class ReLU(keras.layers.ReLU):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.LEAKY_RELU)
class LeakyReLU(keras.layers.LeakyReLU):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.ELU)
class ELU(keras.layers.ELU):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.PRELU)
class PReLU(keras.layers.PReLU):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.SOFTMAX)
class Softmax(keras.layers.Softmax):
    """`Compute "*axes classes"` → `Compute "*axes classes"`."""
