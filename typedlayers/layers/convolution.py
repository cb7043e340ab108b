"""Typed layers of the convolution family."""

from __future__ import annotations

import keras

from typedlayers.bridge.kin import Kin
from typedlayers.catalogue import convolution
from typedlayers.layers._typed import typed


@typed(convolution.CONV_1D)
class Conv1D(keras.layers.Conv1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time {self.filters}"`."""


@typed(convolution.CONV_2D)
class Conv2D(keras.layers.Conv2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width {self.filters}"`."""


@typed(convolution.CONV_3D)
class Conv3D(keras.layers.Conv3D, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width {self.filters}"`."""  # noqa: E501


@typed(convolution.CONV_1D_TRANSPOSE)
class Conv1DTranspose(keras.layers.Conv1DTranspose, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time {self.filters}"`."""


@typed(convolution.CONV_2D_TRANSPOSE)
class Conv2DTranspose(keras.layers.Conv2DTranspose, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width {self.filters}"`."""


@typed(convolution.CONV_3D_TRANSPOSE)
class Conv3DTranspose(keras.layers.Conv3DTranspose, metaclass=Kin):
    """`Compute "batch depth height width channels"` → `Compute "batch new_depth new_height new_width {self.filters}"`."""  # noqa: E501


@typed(convolution.DEPTHWISE_CONV_1D)
class DepthwiseConv1D(keras.layers.DepthwiseConv1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time channels*{self.depth_multiplier}"`."""


@typed(convolution.DEPTHWISE_CONV_2D)
class DepthwiseConv2D(keras.layers.DepthwiseConv2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width channels*{self.depth_multiplier}"`."""  # noqa: E501


@typed(convolution.SEPARABLE_CONV_1D)
class SeparableConv1D(keras.layers.SeparableConv1D, metaclass=Kin):
    """`Compute "batch time channels"` → `Compute "batch new_time {self.filters}"`."""


@typed(convolution.SEPARABLE_CONV_2D)
class SeparableConv2D(keras.layers.SeparableConv2D, metaclass=Kin):
    """`Compute "batch height width channels"` → `Compute "batch new_height new_width {self.filters}"`."""


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D
