"""Typed wrappers: the contract of each is computed from that of the layer inside."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import wrappers
from typedlayers.layers._typed import typed


@typed(wrappers.WRAPPER)
class Wrapper(keras.layers.Wrapper, metaclass=Kin):
    """anything → anything."""


@typed(wrappers.TIME_DISTRIBUTED)
class TimeDistributed(keras.layers.TimeDistributed, metaclass=Kin):
    """`Shaped "batch time ..."` → `Shaped "batch time ..."`."""


@typed(wrappers.BIDIRECTIONAL)
class Bidirectional(keras.layers.Bidirectional, metaclass=Kin):
    """`Compute "batch time ..."` → `Compute "batch ..."`."""


@typed(wrappers.SPECTRAL_NORMALIZATION)
class SpectralNormalization(keras.layers.SpectralNormalization, metaclass=Kin):
    """`Shaped "..."` → `Shaped "..."`."""
