"""Typed layers of the regularization family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import regularization
from typedlayers.layers._typed import typed


@typed(regularization.DROPOUT)
class Dropout(keras.layers.Dropout, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(regularization.SPATIAL_DROPOUT_1D)
class SpatialDropout1D(keras.layers.SpatialDropout1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch time channels"`."""


@typed(regularization.SPATIAL_DROPOUT_2D)
class SpatialDropout2D(keras.layers.SpatialDropout2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch height width channels"`."""


@typed(regularization.SPATIAL_DROPOUT_3D)
class SpatialDropout3D(keras.layers.SpatialDropout3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch depth height width channels"`."""


@typed(regularization.ALPHA_DROPOUT)
class AlphaDropout(keras.layers.AlphaDropout, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(regularization.GAUSSIAN_DROPOUT)
class GaussianDropout(keras.layers.GaussianDropout, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(regularization.GAUSSIAN_NOISE)
class GaussianNoise(keras.layers.GaussianNoise, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""


@typed(regularization.ACTIVITY_REGULARIZATION)
class ActivityRegularization(keras.layers.ActivityRegularization, metaclass=Kin):
    """`Compute "*axes"` → `Compute "*axes"`."""
