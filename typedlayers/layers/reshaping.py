"""Typed layers of the reshaping family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import reshaping
from typedlayers.layers._typed import typed


@typed(reshaping.FLATTEN)
class Flatten(keras.layers.Flatten, metaclass=Kin):
    """`Shaped "batch *axes"` → `Compute "batch features"`."""


@typed(reshaping.RESHAPE)
class Reshape(keras.layers.Reshape, metaclass=Kin):
    """`Shaped "batch *axes"` → `Compute "batch ..."`."""


@typed(reshaping.PERMUTE)
class Permute(keras.layers.Permute, metaclass=Kin):
    """`Shaped "batch ..."` → `Compute "batch ..."`."""


@typed(reshaping.REPEAT_VECTOR)
class RepeatVector(keras.layers.RepeatVector, metaclass=Kin):
    """`Shaped "batch features"` → `Compute "batch {self.n} features"`."""


@typed(reshaping.CROPPING_1D)
class Cropping1D(keras.layers.Cropping1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


@typed(reshaping.CROPPING_2D)
class Cropping2D(keras.layers.Cropping2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


@typed(reshaping.CROPPING_3D)
class Cropping3D(keras.layers.Cropping3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


@typed(reshaping.ZERO_PADDING_1D)
class ZeroPadding1D(keras.layers.ZeroPadding1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


@typed(reshaping.ZERO_PADDING_2D)
class ZeroPadding2D(keras.layers.ZeroPadding2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


@typed(reshaping.ZERO_PADDING_3D)
class ZeroPadding3D(keras.layers.ZeroPadding3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


@typed(reshaping.UP_SAMPLING_1D)
class UpSampling1D(keras.layers.UpSampling1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


@typed(reshaping.UP_SAMPLING_2D)
class UpSampling2D(keras.layers.UpSampling2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


@typed(reshaping.UP_SAMPLING_3D)
class UpSampling3D(keras.layers.UpSampling3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""
