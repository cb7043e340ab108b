"""Typed layers of the activation family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import activation
from typedlayers.layers._typed import typed


@typed(activation.RELU)
class ReLU(keras.layers.ReLU, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.LEAKY_RELU)
class LeakyReLU(keras.layers.LeakyReLU, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.ELU)
class ELU(keras.layers.ELU, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.PRELU)
class PReLU(keras.layers.PReLU, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(activation.SOFTMAX)
class Softmax(keras.layers.Softmax, metaclass=Kin):
    """`Compute "*axes classes"` → `Compute "*axes classes"`."""
