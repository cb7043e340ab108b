"""Typed layers of the pooling family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import pooling
from typedlayers.layers._typed import typed


@typed(pooling.MAX_POOLING_1D)
class MaxPooling1D(keras.layers.MaxPooling1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


@typed(pooling.MAX_POOLING_2D)
class MaxPooling2D(keras.layers.MaxPooling2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


@typed(pooling.MAX_POOLING_3D)
class MaxPooling3D(keras.layers.MaxPooling3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


@typed(pooling.AVERAGE_POOLING_1D)
class AveragePooling1D(keras.layers.AveragePooling1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


@typed(pooling.AVERAGE_POOLING_2D)
class AveragePooling2D(keras.layers.AveragePooling2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


@typed(pooling.AVERAGE_POOLING_3D)
class AveragePooling3D(keras.layers.AveragePooling3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


@typed(pooling.GLOBAL_MAX_POOLING_1D)
class GlobalMaxPooling1D(keras.layers.GlobalMaxPooling1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch channels"`."""


@typed(pooling.GLOBAL_MAX_POOLING_2D)
class GlobalMaxPooling2D(keras.layers.GlobalMaxPooling2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch channels"`."""


@typed(pooling.GLOBAL_MAX_POOLING_3D)
class GlobalMaxPooling3D(keras.layers.GlobalMaxPooling3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch channels"`."""


@typed(pooling.GLOBAL_AVERAGE_POOLING_1D)
class GlobalAveragePooling1D(keras.layers.GlobalAveragePooling1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch channels"`."""


@typed(pooling.GLOBAL_AVERAGE_POOLING_2D)
class GlobalAveragePooling2D(keras.layers.GlobalAveragePooling2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch channels"`."""


@typed(pooling.GLOBAL_AVERAGE_POOLING_3D)
class GlobalAveragePooling3D(keras.layers.GlobalAveragePooling3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch channels"`."""


if hasattr(keras.layers, "AdaptiveMaxPooling1D"):

    @typed(pooling.ADAPTIVE_MAX_POOLING_1D)
    class AdaptiveMaxPooling1D(keras.layers.AdaptiveMaxPooling1D, metaclass=Kin):
        """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


if hasattr(keras.layers, "AdaptiveMaxPooling2D"):

    @typed(pooling.ADAPTIVE_MAX_POOLING_2D)
    class AdaptiveMaxPooling2D(keras.layers.AdaptiveMaxPooling2D, metaclass=Kin):
        """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


if hasattr(keras.layers, "AdaptiveMaxPooling3D"):

    @typed(pooling.ADAPTIVE_MAX_POOLING_3D)
    class AdaptiveMaxPooling3D(keras.layers.AdaptiveMaxPooling3D, metaclass=Kin):
        """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


if hasattr(keras.layers, "AdaptiveAveragePooling1D"):

    @typed(pooling.ADAPTIVE_AVERAGE_POOLING_1D)
    class AdaptiveAveragePooling1D(keras.layers.AdaptiveAveragePooling1D, metaclass=Kin):
        """`Compute "batch time channels"` → `Compute "batch new_time channels"`."""


if hasattr(keras.layers, "AdaptiveAveragePooling2D"):

    @typed(pooling.ADAPTIVE_AVERAGE_POOLING_2D)
    class AdaptiveAveragePooling2D(keras.layers.AdaptiveAveragePooling2D, metaclass=Kin):
        """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels"`."""


if hasattr(keras.layers, "AdaptiveAveragePooling3D"):

    @typed(pooling.ADAPTIVE_AVERAGE_POOLING_3D)
    class AdaptiveAveragePooling3D(keras.layers.AdaptiveAveragePooling3D, metaclass=Kin):
        """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width channels"`."""


MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
