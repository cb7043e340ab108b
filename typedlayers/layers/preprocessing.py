"""Typed layers of the preprocessing family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import preprocessing
from typedlayers.layers._typed import typed


@typed(preprocessing.RESCALING)
class Rescaling(keras.layers.Rescaling, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(preprocessing.NORMALIZATION)
class Normalization(keras.layers.Normalization, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""
