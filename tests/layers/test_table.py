"""The table of layers: for each what it takes and gives, what it refuses, and what lenient mode makes of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import typedlayers as tl
from tests.layers.layer_table import ELSEWHERE
from tests.layers.rows import Case, L, Maker, case, dtypes, eager, parse, symbolic, text_of, with_values
from typedlayers.bridge.contracts import facts_of
from typedlayers.catalogue import CONTRACTS
from typedlayers.contracts.contract import Resolved
from typedlayers.contracts.dtypes import Integers, Policy, Stage
from typedlayers.contracts.parse import Pattern
from typedlayers.diagnostics.codes import CODES
from typedlayers.diagnostics.model import Severity

FIRST = "channels_first"
EINSUM = "abc,cd->abd"


def of_images(make: Maker, images: str, *, integers: str | None = None) -> Iterator[Case]:
    """Rows that all layers on sequences, images and volumes share: too few axes, too many, wrong dtypes."""
    yield case(make, f"f32[?,{images.rpartition(',')[0]}]", code="TL201", lenient="expand_dims")
    yield case(make, f"f32[?,{images},1]", code="TL201", lenient="squeeze")
    yield case(make, f"f32[?,{images},2]", code="TL201", lenient="refuse")
    yield from dtypes(make, f"2,{images}", integers=integers)


CORE = [
    # layer, given, verdict
    case(L.Dense(10), "f32[?,784]", gives="f32[?,10]"),
    case(L.Dense(10), "f32[?,28,28,3]", gives="f32[?,28,28,10]"),
    case(L.Dense(10), "bf16[?,784]", gives="f32[?,10]"),
    case(L.Dense(10), "u8[?,784]", gives="f32[?,10]"),
    case(L.Dense(10), "bool[?,784]", gives="f32[?,10]"),
    case(L.Dense(10, dtype="float64"), "f64[2,784]", gives="f64[2,10]"),
    case(L.Dense(10), "f32[?]", code="TL201", lenient="refuse"),
    case(L.Dense(10), "f32[?,783]", after="f32[?,784]", code="TL203", lenient="refuse"),
    *dtypes(L.Dense(10), "2,784"),
    case(L.EinsumDense(EINSUM, (4, 5)), "f32[?,4,6]", gives="f32[?,4,5]"),
    case(L.EinsumDense(EINSUM, (4, 5)), "i32[?,4,6]", gives="f32[?,4,5]"),
    case(L.EinsumDense("...x,xy->...y", 5), "f32[?,6]", gives="f32[?,5]"),
    case(L.EinsumDense(EINSUM, (4, 5)), "f32[?]", code="TL201", lenient="refuse"),
    case(L.EinsumDense(EINSUM, (4, 5)), "f32[?,4,6,2]", code="TL201", lenient="refuse"),
    case(L.EinsumDense(EINSUM, (4, 5)), "f32[?,4,6,1]", code="TL201", lenient="squeeze"),
    case(L.EinsumDense(EINSUM, (7, 5)), "f32[?,4,6]", code="TL202", lenient="refuse"),
    *dtypes(L.EinsumDense(EINSUM, (4, 5)), "2,4,6"),
    case(L.Embedding(300, 5), "i32[?,7]", gives="f32[?,7,5]"),
    case(L.Embedding(300, 5), "u8[?]", gives="f32[?,5]"),
    case(L.Embedding(300, 5), "f32[?,7]", gives="f32[?,7,5]"),
    case(L.Embedding(300, 5), "f64[2,7]", gives="f32[2,7,5]"),
    case(L.Embedding(300, 5), "i32[]", gives="f32[5]"),
    *dtypes(L.Embedding(300, 5), "2,7", double=None),
    case(L.Activation("relu"), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Activation("relu"), "i32[?,6]", gives="i32[?,6]"),
    case(L.Activation("tanh"), "f32[]", gives="f32[]"),
    *dtypes(L.Activation("gelu"), "2,6", integers="TL304"),
    case(L.Masking(0.0), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Masking(0), "i32[?,6]", gives="i32[?,6]"),
    case(L.Masking(0.0), "f32[]", code="TL201", lenient="refuse"),
    *dtypes(L.Masking(0.0), "2,4,6"),
    case(L.Identity(), "f64[2,3]", gives="f32[2,3]"),
    case(L.Identity(), "str[?,3]", gives="str[?,3]"),
    case(L.Lambda(tf.identity), "i32[?,3]", gives="i32[?,3]"),
    case(L.Lambda(tf.identity), "str[?,3]", gives="str[?,3]"),
]

CONVOLUTION = [
    case(L.Conv1D(4, 3), "f32[?,8,6]", gives="f32[?,6,4]"),
    case(L.Conv1D(4, 3, data_format=FIRST), "f32[?,6,8]", gives="f32[?,4,6]"),
    case(L.Conv1D(4, 3, padding="causal", strides=2), "f16[?,8,6]", gives="f32[?,4,4]"),
    case(L.Conv1D(4, 3), "f32[?,2,6]", code="TL205", lenient="refuse"),
    case(L.Conv1D(4, 3, groups=2), "f32[?,8,5]", code="TL208", lenient="refuse"),
    case(L.Conv1D(4, 3), "f32[?,8,5]", after="f32[?,8,6]", code="TL203", lenient="refuse"),
    *of_images(L.Conv1D(4, 3), "8,6", integers="TL304"),
    case(L.Conv2D(4, 3), "f32[?,8,9,6]", gives="f32[?,6,7,4]"),
    case(L.Conv2D(4, 3, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,4,6,7]"),
    case(L.Conv2D(4, 3, padding="SAME", strides=2), "bf16[?,8,9,6]", gives="f32[?,4,5,4]"),
    case(L.Conv2D(4, 3), "f32[?,8,2,6]", code="TL205", lenient="refuse"),
    case(L.Conv2D(4, 3, data_format=FIRST), "f32[?,6,8,2]", code="TL205", lenient="refuse"),
    case(L.Conv2D(4, 3, dilation_rate=4), "f32[?,8,9,6]", code="TL205", lenient="refuse"),
    case(L.Conv2D(4, 3, groups=2), "f32[?,8,9,5]", code="TL208", lenient="refuse"),
    case(L.Conv2D(4, 3, groups=2, data_format=FIRST), "f32[?,5,8,9]", code="TL208", lenient="refuse"),
    case(L.Conv2D(4, 3), "f32[?,8,9,5]", after="f32[?,8,9,6]", code="TL203", lenient="refuse"),
    case(L.Conv2D(4, 3, data_format=FIRST), "f32[?,5,8,9]", after="f32[?,6,8,9]", code="TL203", lenient="refuse"),
    case(L.Conv2D(4, 3), "f32[8,9,3]", code="TL201", lenient="refuse"),
    case(L.Conv2D(4, 3), "f32[?,72]", code="TL201", lenient="refuse"),
    *of_images(L.Conv2D(4, 3), "8,9,6", integers="TL304"),
    case(L.Conv3D(4, 3), "f32[?,8,9,7,6]", gives="f32[?,6,7,5,4]"),
    case(L.Conv3D(4, 3, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,4,6,7,5]"),
    case(L.Conv3D(4, 3), "f32[?,8,9,2,6]", code="TL205", lenient="refuse"),
    case(L.Conv3D(4, 3, groups=2), "f32[?,8,9,7,5]", code="TL208", lenient="refuse"),
    case(L.Conv3D(4, 3), "f32[?,8,9,7,5]", after="f32[?,8,9,7,6]", code="TL203", lenient="refuse"),
    *of_images(L.Conv3D(4, 3), "8,9,7,6", integers="TL304"),
    case(L.Conv1DTranspose(4, 3, strides=2), "f32[?,8,6]", gives="f32[?,17,4]"),
    case(L.Conv1DTranspose(4, 3, data_format=FIRST), "f32[?,6,8]", gives="f32[?,4,10]"),
    case(
        L.Conv1DTranspose(4, 2, strides=2, padding="same", output_padding=0),
        "f32[?,1,6]",
        code="TL205",
        lenient="refuse",
    ),
    case(L.Conv1DTranspose(4, 3), "f32[?,8,5]", after="f32[?,8,6]", code="TL203", lenient="refuse"),
    *of_images(L.Conv1DTranspose(4, 3), "8,6", integers="TL304"),
    case(L.Conv2DTranspose(4, 3, strides=2, padding="same"), "f32[?,8,9,6]", gives="f32[?,16,18,4]"),
    case(L.Conv2DTranspose(4, 3, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,4,10,11]"),
    case(
        L.Conv2DTranspose(4, 2, strides=2, padding="same", output_padding=0),
        "f32[?,8,1,6]",
        code="TL205",
        lenient="refuse",
    ),
    case(L.Conv2DTranspose(4, 3), "f32[?,8,9,5]", after="f32[?,8,9,6]", code="TL203", lenient="refuse"),
    *of_images(L.Conv2DTranspose(4, 3), "8,9,6", integers="TL304"),
    case(L.Conv3DTranspose(4, 3), "f32[?,8,9,7,6]", gives="f32[?,10,11,9,4]"),
    case(L.Conv3DTranspose(4, 3, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,4,10,11,9]"),
    case(
        L.Conv3DTranspose(4, 2, strides=2, padding="same", output_padding=0),
        "f32[?,8,9,1,6]",
        code="TL205",
        lenient="refuse",
    ),
    case(L.Conv3DTranspose(4, 3), "f32[?,8,9,7,5]", after="f32[?,8,9,7,6]", code="TL203", lenient="refuse"),
    *of_images(L.Conv3DTranspose(4, 3), "8,9,7,6", integers="TL304"),
    case(L.DepthwiseConv1D(3, depth_multiplier=2), "f32[?,8,6]", gives="f32[?,6,12]"),
    case(L.DepthwiseConv1D(3, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,6]"),
    case(L.DepthwiseConv1D(3), "f32[?,2,6]", code="TL205", lenient="refuse"),
    case(L.DepthwiseConv1D(3), "f32[?,8,5]", after="f32[?,8,6]", code="TL203", lenient="refuse"),
    *of_images(L.DepthwiseConv1D(3), "8,6", integers="TL304"),
    case(L.DepthwiseConv2D(3, depth_multiplier=2), "f32[?,8,9,6]", gives="f32[?,6,7,12]"),
    case(L.DepthwiseConv2D(3, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,6,7]"),
    case(L.DepthwiseConv2D(3), "f32[?,8,2,6]", code="TL205", lenient="refuse"),
    case(L.DepthwiseConv2D(3), "f32[?,8,9,5]", after="f32[?,8,9,6]", code="TL203", lenient="refuse"),
    *of_images(L.DepthwiseConv2D(3), "8,9,6", integers="TL304"),
    case(L.SeparableConv1D(4, 3), "f32[?,8,6]", gives="f32[?,6,4]"),
    case(L.SeparableConv1D(4, 3, data_format=FIRST), "f32[?,6,8]", gives="f32[?,4,6]"),
    case(L.SeparableConv1D(4, 3), "f32[?,2,6]", code="TL205", lenient="refuse"),
    case(L.SeparableConv1D(4, 3), "f32[?,8,5]", after="f32[?,8,6]", code="TL203", lenient="refuse"),
    *of_images(L.SeparableConv1D(4, 3), "8,6", integers="TL304"),
    case(L.SeparableConv2D(4, 3), "f32[?,8,9,6]", gives="f32[?,6,7,4]"),
    case(L.SeparableConv2D(4, 3, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,4,6,7]"),
    case(L.SeparableConv2D(4, 3), "f32[?,8,2,6]", code="TL205", lenient="refuse"),
    case(L.SeparableConv2D(4, 3), "f32[?,8,9,5]", after="f32[?,8,9,6]", code="TL203", lenient="refuse"),
    *of_images(L.SeparableConv2D(4, 3), "8,9,6", integers="TL304"),
]

POOLING = [
    case(L.MaxPooling1D(3, strides=2), "f32[?,8,6]", gives="f32[?,3,6]"),
    case(L.MaxPooling1D(2, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,4]"),
    case(L.MaxPooling1D(2), "u8[?,8,6]", gives="u8[?,4,6]"),
    case(L.MaxPooling1D(3), "f32[?,2,6]", code="TL205", lenient="refuse"),
    *of_images(L.MaxPooling1D(2), "8,6"),
    case(L.MaxPooling2D(), "f32[?,8,9,6]", gives="f32[?,4,4,6]"),
    case(L.MaxPooling2D(data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,4,4]"),
    case(L.MaxPooling2D(padding="same"), "u8[?,8,9,6]", gives="u8[?,4,5,6]"),
    case(L.MaxPooling2D(3), "f32[?,8,2,6]", code="TL205", lenient="refuse"),
    case(L.MaxPooling2D(3, data_format=FIRST), "f32[?,6,8,2]", code="TL205", lenient="refuse"),
    *of_images(L.MaxPooling2D(), "8,9,6"),
    case(L.MaxPooling3D(), "f32[?,8,9,7,6]", gives="f32[?,4,4,3,6]"),
    case(L.MaxPooling3D(data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,4,4,3]"),
    case(L.MaxPooling3D(3), "f32[?,8,9,2,6]", code="TL205", lenient="refuse"),
    *of_images(L.MaxPooling3D(), "8,9,7,6", integers="TL304"),
    case(L.AveragePooling1D(2), "f32[?,8,6]", gives="f32[?,4,6]"),
    case(L.AveragePooling1D(2, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,4]"),
    case(L.AveragePooling1D(3), "f32[?,2,6]", code="TL205", lenient="refuse"),
    *of_images(L.AveragePooling1D(2), "8,6", integers="TL304"),
    case(L.AveragePooling2D(2), "f32[?,8,9,6]", gives="f32[?,4,4,6]"),
    case(L.AveragePooling2D(2, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,4,4]"),
    case(L.AveragePooling2D(3), "f32[?,8,2,6]", code="TL205", lenient="refuse"),
    *of_images(L.AveragePooling2D(2), "8,9,6", integers="TL304"),
    case(L.AveragePooling3D(2), "f32[?,8,9,7,6]", gives="f32[?,4,4,3,6]"),
    case(L.AveragePooling3D(2, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,4,4,3]"),
    case(L.AveragePooling3D(3), "f32[?,8,9,2,6]", code="TL205", lenient="refuse"),
    *of_images(L.AveragePooling3D(2), "8,9,7,6", integers="TL304"),
    case(L.GlobalMaxPooling1D(), "f32[?,8,6]", gives="f32[?,6]"),
    case(L.GlobalMaxPooling1D(data_format=FIRST), "i32[?,6,8]", gives="i32[?,6]"),
    *of_images(L.GlobalMaxPooling1D(), "8,6"),
    case(L.GlobalMaxPooling2D(), "f32[?,8,9,6]", gives="f32[?,6]"),
    case(L.GlobalMaxPooling2D(keepdims=True, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,1,1]"),
    *of_images(L.GlobalMaxPooling2D(), "8,9,6"),
    case(L.GlobalMaxPooling3D(), "f32[?,8,9,7,6]", gives="f32[?,6]"),
    case(L.GlobalMaxPooling3D(data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6]"),
    *of_images(L.GlobalMaxPooling3D(), "8,9,7,6"),
    case(L.GlobalAveragePooling1D(), "f32[?,8,6]", gives="f32[?,6]"),
    case(L.GlobalAveragePooling1D(data_format=FIRST), "f32[?,6,8]", gives="f32[?,6]"),
    *of_images(L.GlobalAveragePooling1D(), "8,6"),
    case(L.GlobalAveragePooling2D(), "f32[?,8,9,6]", gives="f32[?,6]"),
    case(L.GlobalAveragePooling2D(keepdims=True, data_format=FIRST), "u8[?,6,8,9]", gives="f32[?,6,1,1]"),
    *of_images(L.GlobalAveragePooling2D(), "8,9,6"),
    case(L.GlobalAveragePooling3D(), "f32[?,8,9,7,6]", gives="f32[?,6]"),
    case(L.GlobalAveragePooling3D(data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6]"),
    *of_images(L.GlobalAveragePooling3D(), "8,9,7,6"),
    case(L.AdaptiveMaxPooling1D(2), "f32[?,8,6]", gives="f32[?,2,6]"),
    case(L.AdaptiveMaxPooling1D(2, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,2]"),
    *of_images(L.AdaptiveMaxPooling1D(2), "8,6"),
    case(L.AdaptiveMaxPooling2D((2, 3)), "f32[?,8,9,6]", gives="f32[?,2,3,6]"),
    case(L.AdaptiveMaxPooling2D(2, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,2,2]"),
    *of_images(L.AdaptiveMaxPooling2D(2), "8,9,6"),
    case(L.AdaptiveMaxPooling3D(2), "f32[?,8,9,7,6]", gives="f32[?,2,2,2,6]"),
    case(L.AdaptiveMaxPooling3D(2, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,2,2,2]"),
    *of_images(L.AdaptiveMaxPooling3D(2), "8,9,7,6", integers="TL304"),
    case(L.AdaptiveAveragePooling1D(2), "f32[?,8,6]", gives="f32[?,2,6]"),
    case(L.AdaptiveAveragePooling1D(2, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,2]"),
    *of_images(L.AdaptiveAveragePooling1D(2), "8,6", integers="TL304"),
    case(L.AdaptiveAveragePooling2D(2), "f32[?,8,9,6]", gives="f32[?,2,2,6]"),
    case(L.AdaptiveAveragePooling2D(2, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,2,2]"),
    *of_images(L.AdaptiveAveragePooling2D(2), "8,9,6", integers="TL304"),
    case(L.AdaptiveAveragePooling3D(2), "f32[?,8,9,7,6]", gives="f32[?,2,2,2,6]"),
    case(L.AdaptiveAveragePooling3D(2, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,2,2,2]"),
    *of_images(L.AdaptiveAveragePooling3D(2), "8,9,7,6", integers="TL304"),
]

RESHAPING = [
    case(L.Flatten(), "f32[?,3,4]", gives="f32[?,12]"),
    case(L.Flatten(data_format=FIRST), "u8[?,3,4,5]", gives="u8[?,60]"),
    case(L.Flatten(), "str[?,3,4]", gives="str[?,12]"),
    case(L.Flatten(), "f32[?]", gives="f32[?,1]"),
    case(L.Flatten(), "f32[]", code="TL201", lenient="refuse"),
    case(L.Reshape((2, -1)), "f32[?,3,4]", gives="f32[?,2,6]"),
    case(L.Reshape((12,)), "str[?,3,4]", gives="str[?,12]"),
    case(L.Reshape((2, 5)), "f32[?,3,4]", code="TL204", lenient="refuse"),
    case(L.Reshape((-1, 5)), "f32[?,3,4]", code="TL204", lenient="refuse"),
    case(L.Reshape((2, 6)), "f32[]", code="TL201", lenient="refuse"),
    case(L.Permute((2, 1)), "f32[?,3,4]", gives="f32[?,4,3]"),
    case(L.Permute((3, 1, 2)), "u8[?,3,4,5]", gives="u8[?,5,3,4]"),
    case(L.Permute((2, 1)), "f32[?]", code="TL201", lenient="refuse"),
    case(L.Permute((2, 1)), "f32[?,3,4,5]", code="TL201", lenient="refuse"),
    case(L.Permute((2, 1)), "f32[?,3,4,1]", code="TL201", lenient="squeeze"),
    case(L.RepeatVector(3), "f32[?,4]", gives="f32[?,3,4]"),
    case(L.RepeatVector(3), "str[?,4]", gives="str[?,3,4]"),
    case(L.RepeatVector(3), "f32[?]", code="TL201", lenient="refuse"),
    case(L.RepeatVector(3), "f32[?,4,5]", code="TL201", lenient="flatten"),
    case(L.RepeatVector(3), "f32[?,4,1]", code="TL201", lenient="squeeze"),
    case(L.Cropping1D((1, 2)), "f32[?,8,6]", gives="f32[?,5,6]"),
    case(L.Cropping1D(1), "u8[?,8,6]", gives="u8[?,6,6]"),
    case(L.Cropping1D(4), "f32[?,8,6]", code="TL205", lenient="refuse"),
    *of_images(L.Cropping1D(1), "8,6"),
    case(L.Cropping2D(((1, 2), (0, 3))), "f32[?,8,9,6]", gives="f32[?,5,6,6]"),
    case(L.Cropping2D(1, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,6,7]"),
    case(L.Cropping2D(((0, 0), (4, 5))), "f32[?,8,9,6]", code="TL205", lenient="refuse"),
    case(L.Cropping2D(4, data_format=FIRST), "f32[?,6,9,8]", code="TL205", lenient="refuse"),
    *of_images(L.Cropping2D(1), "8,9,6"),
    case(L.Cropping3D(1), "f32[?,8,9,7,6]", gives="f32[?,6,7,5,6]"),
    case(L.Cropping3D(1, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,6,7,5]"),
    case(L.Cropping3D(4), "f32[?,9,9,7,6]", code="TL205", lenient="refuse"),
    *of_images(L.Cropping3D(1), "8,9,7,6"),
    case(L.ZeroPadding1D((1, 2)), "f32[?,8,6]", gives="f32[?,11,6]"),
    case(L.ZeroPadding1D(1, data_format=FIRST), "f32[?,6,8]", gives="f32[?,6,10]"),
    *of_images(L.ZeroPadding1D(1), "8,6"),
    case(L.ZeroPadding2D(((1, 2), (0, 3))), "u8[?,8,9,6]", gives="u8[?,11,12,6]"),
    case(L.ZeroPadding2D(1, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,10,11]"),
    *of_images(L.ZeroPadding2D(1), "8,9,6"),
    case(L.ZeroPadding3D(1), "f32[?,8,9,7,6]", gives="f32[?,10,11,9,6]"),
    case(L.ZeroPadding3D(1, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,10,11,9]"),
    *of_images(L.ZeroPadding3D(1), "8,9,7,6"),
    case(L.UpSampling1D(3), "f32[?,8,6]", gives="f32[?,24,6]"),
    *of_images(L.UpSampling1D(2), "8,6"),
    case(L.UpSampling2D((2, 3)), "u8[?,8,9,6]", gives="u8[?,16,27,6]"),
    case(L.UpSampling2D(2, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,16,18]"),
    *of_images(L.UpSampling2D(2), "8,9,6"),
    case(L.UpSampling3D(2), "f32[?,8,9,7,6]", gives="f32[?,16,18,14,6]"),
    case(L.UpSampling3D(2, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,16,18,14]"),
    *of_images(L.UpSampling3D(2), "8,9,7,6"),
]

NORMALIZATION = [
    case(L.BatchNormalization(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.BatchNormalization(axis=1), "i32[?,4,6]", gives="f32[?,4,6]"),
    case(L.BatchNormalization(), "f32[]", code="TL201", lenient="refuse"),
    case(L.BatchNormalization(axis=3), "f32[?,4,6]", code="TL208", lenient="refuse"),
    case(L.BatchNormalization(), "f32[?,4,5]", after="f32[?,4,6]", code="TL203", lenient="refuse"),
    case(L.BatchNormalization(axis=1), "f32[?,5,6]", after="f32[?,4,6]", code="TL203", lenient="refuse"),
    case(L.BatchNormalization(), "f32[?,6]", after="f32[?,4,6]", code="TL201", lenient="refuse"),
    *dtypes(L.BatchNormalization(), "2,4,6"),
    case(L.LayerNormalization(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.LayerNormalization(axis=[1, 2]), "f16[?,4,6]", gives="f32[?,4,6]"),
    case(L.LayerNormalization(), "f32[]", code="TL201", lenient="refuse"),
    case(L.LayerNormalization(axis=[1, -4]), "f32[?,4,6]", code="TL208", lenient="refuse"),
    *dtypes(L.LayerNormalization(), "2,4,6", integers="TL306"),
    case(L.GroupNormalization(2), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.GroupNormalization(2, axis=1), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.GroupNormalization(2), "f32[?]", code="TL201", lenient="refuse"),
    case(L.GroupNormalization(2, axis=3), "f32[?,4,6]", code="TL208", lenient="refuse"),
    case(L.GroupNormalization(4), "f32[?,4,6]", code="TL208", lenient="refuse"),
    case(L.GroupNormalization(2), "f32[?,4,8]", after="f32[?,4,6]", code="TL203", lenient="refuse"),
    *dtypes(L.GroupNormalization(2), "2,4,6", integers="TL306"),
    case(L.UnitNormalization(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.UnitNormalization(axis=(1, 2)), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.UnitNormalization(), "f32[]", code="TL201", lenient="refuse"),
    case(L.UnitNormalization(axis=(1, 3)), "f32[?,4,6]", code="TL208", lenient="refuse"),
    *dtypes(L.UnitNormalization(), "2,4,6", integers="TL304"),
    case(L.RMSNormalization(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.RMSNormalization(axis=[-2, -1]), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.RMSNormalization(), "f32[]", code="TL201", lenient="refuse"),
    case(L.RMSNormalization(axis=3), "f32[?,4,6]", code="TL208", lenient="refuse"),
    *dtypes(L.RMSNormalization(), "2,4,6", integers="TL306"),
]

ACTIVATION = [
    case(L.ReLU(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.ReLU(max_value=6), "i32[?,6]", gives="i32[?,6]"),
    case(L.ReLU(negative_slope=0.1), "i32[?,6]", gives="f32[?,6]"),
    case(L.ReLU(negative_slope=0.1, threshold=1.0), "i32[?,6]", code="TL304", lenient="cast"),
    *dtypes(L.ReLU(), "2,6"),
    case(L.LeakyReLU(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.LeakyReLU(), "i32[?,6]", gives="f32[?,6]"),
    *dtypes(L.LeakyReLU(), "2,6"),
    case(L.ELU(), "f32[?,4,6]", gives="f32[?,4,6]"),
    *dtypes(L.ELU(), "2,6", integers="TL304"),
    case(L.PReLU(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.PReLU(shared_axes=[1]), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.PReLU(shared_axes=[3]), "f32[?,4,6]", code="TL208", lenient="refuse"),
    case(L.PReLU(shared_axes=[1]), "f32[?,4,5]", after="f32[?,4,6]", code="TL203", lenient="refuse"),
    *dtypes(L.PReLU(), "2,4,6", integers="TL304"),
    case(L.Softmax(), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Softmax(axis=(1, 2)), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Softmax(), "f32[]", code="TL201", lenient="refuse"),
    case(L.Softmax(axis=3), "f32[?,4,6]", code="TL208", lenient="refuse"),
    *dtypes(L.Softmax(), "2,4,6", integers="TL304"),
]

REGULARIZATION = [
    case(L.Dropout(0.5), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Dropout(0), "i32[?,4,6]", gives="i32[?,4,6]"),
    *dtypes(L.Dropout(0.5), "2,4,6", integers="TL304"),
    case(L.SpatialDropout1D(0.5), "f32[?,8,6]", gives="f32[?,8,6]"),
    *of_images(L.SpatialDropout1D(0.5), "8,6", integers="TL304"),
    case(L.SpatialDropout2D(0.5), "f32[?,8,9,6]", gives="f32[?,8,9,6]"),
    case(L.SpatialDropout2D(0.5, data_format=FIRST), "f32[?,6,8,9]", gives="f32[?,6,8,9]"),
    *of_images(L.SpatialDropout2D(0.5), "8,9,6", integers="TL304"),
    case(L.SpatialDropout3D(0.5), "f32[?,8,9,7,6]", gives="f32[?,8,9,7,6]"),
    case(L.SpatialDropout3D(0.5, data_format=FIRST), "f32[?,6,8,9,7]", gives="f32[?,6,8,9,7]"),
    *of_images(L.SpatialDropout3D(0.5), "8,9,7,6", integers="TL304"),
    case(L.AlphaDropout(0.5), "f32[?,4,6]", gives="f32[?,4,6]"),
    *dtypes(L.AlphaDropout(0.5), "2,4,6", integers="TL304"),
    case(L.GaussianDropout(0.5), "f32[?,4,6]", gives="f32[?,4,6]"),
    *dtypes(L.GaussianDropout(0.5), "2,4,6", integers="TL304"),
    case(L.GaussianNoise(0.5), "f32[?,4,6]", gives="f32[?,4,6]"),
    *dtypes(L.GaussianNoise(0.5), "2,4,6", integers="TL304"),
    case(L.ActivityRegularization(l2=0.1), "f32[?,4,6]", gives="f32[?,4,6]"),
    *dtypes(L.ActivityRegularization(l2=0.1), "2,4,6"),
]

PREPROCESSING = [
    case(L.Rescaling(1 / 255), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Rescaling(1 / 255), "u8[?,4,6]", gives="f32[?,4,6]"),
    case(L.Rescaling(1 / 255), "f64[2,4,6]", gives="f32[2,4,6]"),
    *dtypes(L.Rescaling(1 / 255), "2,4,6", double=None),
    case(L.Normalization(mean=[1.0] * 6, variance=[2.0] * 6), "f32[?,4,6]", gives="f32[?,4,6]"),
    case(L.Normalization(mean=0.0, variance=1.0), "f64[2,4,6]", gives="f32[2,4,6]"),
    case(L.Normalization(axis=3, mean=0.0, variance=1.0), "f32[?,4,6]", code="TL208", lenient="refuse"),
    case(L.Normalization(mean=[1.0, 2.0], variance=[1.0, 1.0]), "f32[?,4,6]", code="TL208", lenient="refuse"),
    *dtypes(L.Normalization(mean=0.0, variance=1.0), "2,4,6", double=None),
]

TABLE = [*CORE, *CONVOLUTION, *POOLING, *RESHAPING, *NORMALIZATION, *ACTIVATION, *REGULARIZATION, *PREPROCESSING]
ROWS = [row for row in TABLE if row.make.available]
ACCEPTED = [row for row in ROWS if row.gives is not None]
REFUSED = [row for row in ROWS if row.code is not None]
REPAIRED = [row for row in REFUSED if row.lenient != "refuse"]
LEFT = [row for row in REFUSED if row.lenient == "refuse"]

NOT_ASKED = {"InputLayer"}
"""Layers of the catalogue that are never called: Keras's own, unsubclassed."""


def table(rows: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=str)


def first_of_each(rows: list[Case], *what: str) -> list[Case]:
    """The first row of each layer that differs in an attribute: some tests need no more."""
    found: dict[tuple[Any, ...], Case] = {}
    for row in rows:
        found.setdefault((row.make.name, *(getattr(row, name) for name in what)), row)
    return list(found.values())


def made(row: Case) -> Any:
    """The row's layer, with weights if the row says on what."""
    layer = row.make()
    if row.after is not None:
        layer(eager(row.after))
    return layer


def codes(error: tl.ContractError) -> list[str]:
    return [diagnostic.code for diagnostic in error.diagnostics]


# ------------------------------------------------------------------------------------------- strict mode
@table(ACCEPTED)
def test_accepted(row: Case) -> None:
    assert row.gives is not None
    assert text_of(made(row)(eager(row.given))) == with_values(row.gives)
    gives = made(row)(symbolic(row.given))
    assert gives.shape == parse(row.gives)[1]
    assert text_of(gives) == row.gives or not row.gives.startswith("f"), "Keras announces floats for integers"


@table(REFUSED)
def test_refused(row: Case) -> None:
    for tensor in [eager] if row.eager else [eager, symbolic]:
        layer = made(row)
        with pytest.raises(tl.ContractError) as caught:
            layer(tensor(row.given))
        assert codes(caught.value) == [row.code]
        (diagnostic,) = caught.value.diagnostics
        assert layer.name in diagnostic.headline
        assert diagnostic.lenient is None or row.lenient == diagnostic.lenient.kind


@table([row for row in REFUSED if row.eager])
def test_a_keras_tensor_of_doubles_was_not_made_by_hand(row: Case) -> None:
    assert made(row)(symbolic(row.given)).dtype == "float32"


@table(first_of_each(REFUSED, "code"))
def test_off_mode_leaves_everything_to_keras(row: Case) -> None:
    with tl.mode("off"):
        mine = outcome(made(row), row.given)
    plain = row.make(keras.layers)
    if row.after is not None:
        plain(eager(row.after))
    assert mine == outcome(plain, row.given)


def outcome(layer: Any, given: str) -> Any:
    try:
        return text_of(layer(eager(given)))
    except Exception as error:  # noqa: BLE001 - Keras and TensorFlow raise whatever they like
        return type(error)


# ------------------------------------------------------------------------------------- unknown sizes
def with_unknown_axes(row: Case) -> Iterator[str]:
    """What the row is given, each axis unknown in turn, and all of them."""
    dtype, _, sizes = row.given.removesuffix("]").partition("[")
    axes = sizes.split(",") if sizes else []
    for axis in range(len(axes)):
        yield f"{dtype}[{','.join([*axes[:axis], '?', *axes[axis + 1 :]])}]"
    yield f"{dtype}[{','.join('?' for _ in axes)}]"


@table([row for row in ACCEPTED if row in first_of_each(ACCEPTED) or row.make.kwargs == {"data_format": FIRST}])
def test_an_unknown_axis_is_what_it_is_to_keras(row: Case) -> None:
    for given in with_unknown_axes(row):
        ours, theirs = symbolic_outcome(row.make(), given), symbolic_outcome(row.make(keras.layers), given)
        assert ours == theirs or (ours == "TL212" and isinstance(theirs, tuple)), (ours, theirs)


def symbolic_outcome(layer: Any, given: str) -> Any:
    """What a layer gives for a Keras tensor; of Keras's own refusal the class and the first line."""
    try:
        return text_of(layer(symbolic(given)))
    except tl.ContractError as error:
        return " ".join(d.code for d in error.diagnostics)
    except Exception as error:  # noqa: BLE001 - the same
        return type(error), str(error).replace(layer.name, "…").splitlines()[:1]


# ------------------------------------------------------------------------------------------ lenient mode
@table(REPAIRED)
def test_lenient_mode_repairs(row: Case) -> None:
    check_repaired(row, lambda layer, x: layer(x))


@table(first_of_each(REPAIRED))
def test_lenient_mode_repairs_inside_a_compiled_function(row: Case) -> None:
    def compiled(layer: Any, x: Any) -> Any:
        return tf.function(lambda given: layer(given), jit_compile=True, autograph=False)(x)

    check_repaired(row, compiled)


def check_repaired(row: Case, run: Callable[[Any, Any], Any]) -> None:
    """Checks that the layer does what a plain one does with the tensor that was mended by hand."""
    layer, given = made(row), eager(row.given)
    with tl.mode("lenient"):
        gives = run(layer, given)
    assert [entry.repair.kind for entry in tl.repairs(layer)] == [row.lenient]
    plain = row.make(keras.layers)
    mended = by_hand(row.lenient, given)
    plain.build(mended.shape)
    plain.set_weights(layer.get_weights())
    expected = plain(mended)
    assert text_of(gives) == text_of(expected)
    if expected.dtype.is_floating:
        np.testing.assert_allclose(gives, expected, rtol=1e-4, atol=1e-5)


def by_hand(repair: str | None, x: Any) -> Any:
    """What a user would have typed."""
    match repair:
        case "cast":
            return tf.cast(x, "float32")
        case "expand_dims":
            return x[..., tf.newaxis]
        case "squeeze":
            return tf.squeeze(x, -1)
        case "flatten":
            return tf.reshape(x, (x.shape[0], -1))
    raise AssertionError(repair)


@table([row for row in REPAIRED if not row.eager])
def test_lenient_mode_repairs_a_keras_tensor_in_the_graph(row: Case) -> None:
    layer, inputs = made(row), symbolic(row.given)
    with tl.mode("lenient"):
        outputs = layer(inputs)
    assert [entry.repair.kind for entry in tl.repairs(layer)] == [row.lenient]
    model = keras.Model(inputs, outputs)
    assert len(model.operations) > 2, "the repair is a node of the model"
    assert model(eager(row.given)).shape == with_batch(outputs.shape)


def with_batch(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return (2, *shape[1:]) if shape[0] is None else shape


@table(LEFT)
def test_lenient_mode_raises_what_it_cannot_repair(row: Case) -> None:
    for tensor in (eager, symbolic):
        layer = made(row)
        with tl.mode("lenient"), pytest.raises(tl.ContractError) as caught:
            layer(tensor(row.given))
        assert codes(caught.value) == [row.code]
        assert tl.repairs(layer) == ()


FIRST_CHANNELS = [
    (L.Conv2D(4, 1, data_format=FIRST), "f32[?,8,9]", "f32[?,4,8,9]"),
    (L.MaxPooling2D(data_format=FIRST), "f32[?,8,9]", "f32[?,1,4,4]"),
    (L.ZeroPadding2D(1, data_format=FIRST), "f32[?,8,9]", "f32[?,1,10,11]"),
]


@pytest.mark.parametrize(("make", "given", "gives"), FIRST_CHANNELS, ids=str)
def test_a_missing_channel_axis_is_added_where_the_channels_are(make: Maker, given: str, gives: str) -> None:
    with tl.mode("lenient"):
        assert text_of(make()(symbolic(given))) == gives


NO_CHANNELS = [(L.EinsumDense(EINSUM, (4, 5)), "f32[?,4]"), (L.Permute((2, 1)), "f32[?,4]")]


@pytest.mark.parametrize(("make", "given"), NO_CHANNELS, ids=str)
def test_a_missing_axis_that_is_no_channel_axis_is_not_guessed(make: Maker, given: str) -> None:
    with tl.mode("lenient"), pytest.raises(tl.ContractError):
        make()(symbolic(given))


# ----------------------------------------------------------------------------------- the table is complete
def rows_of(name: str) -> list[Case]:
    return [row for row in ROWS if row.make.name == name]


def resolved(row: Case) -> Resolved:
    """The contract of the row's layer, as it is before the layer has weights."""
    return CONTRACTS[row.make.name].for_layer(row.make(keras.layers), Policy())


AVAILABLE = sorted(name for name in CONTRACTS if hasattr(keras.layers, name) and name not in NOT_ASKED | ELSEWHERE)
EVERY_LAYER = pytest.mark.parametrize("name", AVAILABLE)


def test_no_layer_is_missing() -> None:
    assert {row.make.name for row in TABLE} | NOT_ASKED | ELSEWHERE == set(CONTRACTS)


@EVERY_LAYER
def test_each_layer_has_an_accepted_row(name: str) -> None:
    accepted = [row for row in rows_of(name) if row.gives is not None]
    assert any(parse(row.given)[1][:1] == (None,) for row in accepted), "one with an unknown batch"
    if hasattr(row := accepted[0].make(), "data_format") and name != "Flatten":
        assert {row.make().data_format for row in accepted} == {"channels_last", FIRST}, row


@EVERY_LAYER
def test_each_layer_has_a_refused_row_per_clause(name: str) -> None:
    rows = rows_of(name)
    tree = resolved(rows[0]).arguments["inputs"]
    if not isinstance(tree, Pattern):
        return
    if any(row.make.name == name and not row.make.available for row in TABLE):
        pytest.skip("the installed Keras lacks an argument of a row")
    missing = clauses_of_dtype(name, tree) - {row.code for row in rows}
    ranks = {len(parse(row.given)[1]) for row in rows if row.code == "TL201"}
    if tree.least_rank and min(ranks, default=99) >= tree.least_rank:
        missing.add("too few axes")
    if tree.variadic is None and max(ranks, default=0) <= len(tree.dims):
        missing.add("too many axes")
    for rule in CONTRACTS[name].rules:
        if CODES[rule.code].severity is not Severity.ERROR:
            continue  # what is only warned of has its rows in tests/models
        refused = [row for row in rows if row.code == rule.code]
        if not any(rule.check(row.make(keras.layers), parse(row.given)[1]) for row in refused):
            missing.add(f"{rule.code} {rule.check.__name__}")
    if fixes_a_size(rows) and not any(row.code == "TL203" and row.after for row in rows):
        missing.add("the size that the weights fix")
    assert missing == set()


def clauses_of_dtype(name: str, tree: Pattern) -> set[str | None]:
    """The codes that a layer can emit for dtypes, by any of its rows."""
    if not tree.dtype.compute:
        return set()
    found: set[str | None] = {"TL302", "TL303"}
    if CONTRACTS[name].stage is Stage.MODEL:
        found.add("TL301")
    for row in rows_of(name):
        found.add(OF_INTEGERS.get(resolved(row).policy.integers))
    return found - {None}


OF_INTEGERS = {Integers.FAILS: "TL304", Integers.WRAPS: "TL305", Integers.TRUNCATES: "TL306"}


def fixes_a_size(rows: list[Case]) -> bool:
    """Whether the layer's weights fix the size of an axis, as its ``input_spec`` says."""
    for row in rows:
        if row.gives is not None:
            layer = row.make(keras.layers)
            layer(eager(row.given))
            if any(fact.axis is not None for fact in facts_of(layer)):
                return True
    return False


def test_every_code_of_the_catalogue_appears() -> None:
    asked = [contract for name, contract in CONTRACTS.items() if name not in ELSEWHERE]
    integers = {contract.integers for contract in asked}
    expected = {"TL201", "TL202", "TL203", "TL301", "TL302", "TL303"}
    expected |= {code for kind, code in OF_INTEGERS.items() if kind in integers}
    rules = {rule.code for contract in asked for rule in contract.rules}
    expected |= {code for code in rules if CODES[code].severity is Severity.ERROR}
    assert {row.code for row in REFUSED} == expected


def test_every_repair_of_a_layer_appears() -> None:
    assert {row.lenient for row in REFUSED} == {"cast", "flatten", "expand_dims", "squeeze", "refuse"}


@EVERY_LAYER
def test_each_layer_has_a_lenient_row(name: str) -> None:
    refused = [row for row in rows_of(name) if row.code is not None]
    assert refused or CONTRACTS[name].inputs is None
