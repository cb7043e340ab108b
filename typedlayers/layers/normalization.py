"""Typed layers of the normalization family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import normalization
from typedlayers.layers._typed import typed


@typed(normalization.BATCH_NORMALIZATION)
class BatchNormalization(keras.layers.BatchNormalization, metaclass=Kin):
    """`Compute "*axes features"` → `Compute "*axes features"`."""


@typed(normalization.LAYER_NORMALIZATION)
class LayerNormalization(keras.layers.LayerNormalization, metaclass=Kin):
    """`Compute "*axes features"` → `Compute "*axes features"`."""


@typed(normalization.GROUP_NORMALIZATION)
class GroupNormalization(keras.layers.GroupNormalization, metaclass=Kin):
    """`Compute "batch *axes channels"` → `Compute "batch *axes channels"`."""


@typed(normalization.UNIT_NORMALIZATION)
class UnitNormalization(keras.layers.UnitNormalization, metaclass=Kin):
    """`Compute "*axes features"` → `Compute "*axes features"`."""


if hasattr(keras.layers, "RMSNormalization"):

    @typed(normalization.RMS_NORMALIZATION)
    class RMSNormalization(keras.layers.RMSNormalization, metaclass=Kin):
        """`Compute "*axes features"` → `Compute "*axes features"`."""
